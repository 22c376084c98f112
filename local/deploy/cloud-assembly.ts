import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A stack as it was synthesised. */
export interface AssemblyStack {
  readonly name: string;
  readonly template: unknown;
}

/** An image that the stacks need. */
export interface AssemblyImage {
  /** Names the image in the registry. */
  readonly tag: string;
  /** Folder of the build context. */
  readonly context: string;
  readonly file?: string;
  /** Values of the Dockerfile's ARGs. */
  readonly buildArguments?: Readonly<Record<string, string>>;
}

const Artifact = z.looseObject({
  type: z.string(),
  properties: z.looseObject({}).optional(),
  environment: z.string().optional(),
});
const Manifest = z.looseObject({ artifacts: z.record(z.string(), Artifact) });
const StackProperties = z.looseObject({ templateFile: z.string(), stackName: z.string().optional() });
const AssetManifestProperties = z.looseObject({ file: z.string() });
const StageProperties = z.looseObject({ directoryName: z.string(), displayName: z.string() });
const AssetManifest = z.looseObject({
  dockerImages: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({
          directory: z.string(),
          dockerFile: z.string().optional(),
          dockerBuildArgs: z.record(z.string(), z.string()).optional(),
        }),
        destinations: z.record(z.string(), z.looseObject({ imageTag: z.string() })),
      }),
    )
    .default({}),
});

/** The stacks of one stage in a folder that `cdk synth` has written. */
export class CloudAssembly {
  /** Folder of the stage itself. */
  readonly directory: string;
  readonly stacks: readonly AssemblyStack[];
  /** Account and region, as `aws://000000000000/us-east-1`. */
  readonly target: string;
  readonly images: readonly AssemblyImage[];

  /** @throws Error if there is no such stage in it */
  constructor(root: string, stage: string) {
    const stages = Object.values(read(root, 'manifest.json', Manifest).artifacts)
      .filter(({ type }) => type === 'cdk:cloud-assembly')
      .map(({ properties }) => StageProperties.parse(properties));
    const own = stages.find(({ displayName }) => displayName === stage);
    if (!own) {
      const names = stages.map(({ displayName }) => displayName).join(', ');
      throw new Error(`${root}: has no stage ${stage}, got ${names || 'none'}; check bin/mlops.ts`);
    }
    this.directory = join(root, own.directoryName);
    const artifacts = Object.entries(read(this.directory, 'manifest.json', Manifest).artifacts);
    const of = (wanted: string) => artifacts.filter(([, { type }]) => type === wanted);
    this.target = of('aws:cloudformation:stack')[0]?.[1].environment ?? 'aws://unknown-account/unknown-region';
    this.stacks = of('aws:cloudformation:stack').map(([id, { properties }]) => {
      const { stackName, templateFile } = StackProperties.parse(properties);
      return { name: stackName ?? id, template: JSON.parse(readFileSync(join(this.directory, templateFile), 'utf8')) };
    });
    this.images = of('cdk:asset-manifest').flatMap(([, { properties }]) =>
      Object.values(
        read(this.directory, AssetManifestProperties.parse(properties).file, AssetManifest).dockerImages,
      ).flatMap(({ source, destinations }) =>
        Object.values(destinations).map(({ imageTag }) => ({
          tag: imageTag,
          context: join(this.directory, source.directory),
          file: source.dockerFile,
          buildArguments: source.dockerBuildArgs,
        })),
      ),
    );
  }

  get region(): string {
    return this.target.slice(this.target.lastIndexOf('/') + 1);
  }
}

function read<T>(directory: string, file: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(directory, file), 'utf8')));
}
