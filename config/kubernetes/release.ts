import { z } from 'zod';

const DIGEST = /^[a-z0-9][a-zA-Z0-9._\-/:]*@sha256:[0-9a-f]{64}$/;

/** An image by what it holds: a tag can be moved after somebody approved it. */
export const Image = z.string().refine((image) => DIGEST.test(image), {
  error: 'an image is named by its digest, as in registry.example.com/churn@sha256:<64 hex digits>',
  params: { fix: 'ask the registry for the digest of the tag, for example by docker buildx imagetools inspect' },
});

const Artefact = z.discriminatedUnion('kind', [
  z.strictObject({
    /** A `model.tar.gz` that an init container downloads, checks and unpacks before the server starts. */
    kind: z.literal('download'),
    url: z
      .string()
      .regex(/^(s3|https):\/\/[^\s'"]+$/, 'an artefact is downloaded from s3://BUCKET/KEY or from https://HOST/PATH'),
    /** Of the archive, in hex. Another file is never unpacked. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hex digits in lower case'),
  }),
  z.strictObject({
    /**
     * An OCI image with the unpacked files of the model at its root, which the kubelet mounts.
     * @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/ (on by default since 1.35)
     */
    kind: z.literal('image'),
    image: Image,
  }),
]);
export type Artefact = z.output<typeof Artefact>;

const release = {
  /** Of the model package in the registry, for people to read. @default - not written down */
  version: z.int().min(1).optional(),
  /** The server. */
  image: Image,
  /** The model. */
  artefact: Artefact,
};

/** What a model serves in an environment, as literal values: GitOps has no parameter to read. */
export const ModelReleases = z.strictObject({
  /** Serves, and gets back the traffic if a candidate is bad. @default - nothing has been released yet */
  stable: z.strictObject(release).optional(),
  /**
   * Takes over step by step, on engines that don't move by themselves. When it has passed all steps it becomes `stable`,
   * and its pods stay as they are. @default - no release is under way
   */
  candidate: z
    .strictObject({
      ...release,
      /** Steps of the rollout that it has taken; with 0 it runs and gets no traffic. @default 0 */
      step: z.int().min(0).max(100).default(0),
    })
    .optional(),
});
export type ModelReleases = z.output<typeof ModelReleases>;
export type Release = NonNullable<ModelReleases['stable']>;
