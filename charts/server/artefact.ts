import type { IContainer, IVolume, IVolumeMount } from 'kubernetes-models/v1';
import type { Release } from '../../config/kubernetes/release';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { ServedModel } from '../served-model';
import { CONTAINER_SECURITY } from './security';

/**
 * Downloads, checks, and only then unpacks. Each line ends the script if it fails, and with it the pod's start: what was
 * downloaded is never served unchecked. URL and digest come as variables, so nothing in them is run.
 */
export const FETCH_SCRIPT = `set -eu
archive="$MODEL_PATH/.model.tar.gz"
case "$ARTEFACT_URL" in
  s3://*) aws s3 cp --only-show-errors "$ARTEFACT_URL" "$archive" ;;
  *) curl --fail --silent --show-error --location --retry 3 --output "$archive" "$ARTEFACT_URL" ;;
esac
echo "$ARTEFACT_SHA256  $archive" | sha256sum -c -
tar -xzf "$archive" -C "$MODEL_PATH" --no-same-owner
rm "$archive"
`;

/** How the files of a model come to be where the server expects them. */
export interface MountedModel {
  readonly initContainers: readonly IContainer[];
  readonly volume: IVolume;
  /** Of the server, which only reads. */
  readonly mount: IVolumeMount;
}

/** @throws InvalidInputError if a download is asked for and the environment doesn't say by what */
export function mountModel({ name, plane }: ServedModel, { artefact }: Release, modelPath: string): MountedModel {
  const mount = { name: 'model', mountPath: modelPath, readOnly: true };
  if (artefact.kind === 'image') {
    const volume: IVolume = { name: 'model', image: { reference: artefact.image, pullPolicy: 'IfNotPresent' } };
    return { initContainers: [], volume, mount };
  }
  if (!plane.download) {
    throw new InvalidInputError(
      `model ${name}`,
      `is downloaded by an image that the environment names, got no kubernetes.download for ${artefact.url}`,
      'add it, or use an artefact of the kind image',
    );
  }
  const fetch: IContainer = {
    name: 'fetch-model',
    image: plane.download.image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', FETCH_SCRIPT],
    env: [
      { name: 'ARTEFACT_URL', value: artefact.url },
      { name: 'ARTEFACT_SHA256', value: artefact.sha256 },
      { name: 'MODEL_PATH', value: modelPath },
      // The AWS CLI keeps its cache there, and the root file system is read-only.
      { name: 'HOME', value: '/tmp' },
    ],
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: 'model', mountPath: modelPath },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  return { initContainers: [fetch], volume: { name: 'model', emptyDir: {} }, mount };
}
