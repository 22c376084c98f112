import { ECRClient, ImageAlreadyExistsException, PutImageCommand } from '@aws-sdk/client-ecr';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Variables } from '../python/find-python';
import type { BuildImageProps, LocalImages } from './local-images';

export interface LocalDockerProps {
  /** What follows the program's name on its command line. */
  readonly words: readonly string[];
  readonly images: LocalImages;
  /** Folder of the build context. */
  readonly cwd: string;
  readonly environment: Variables;
  /** `http://localhost:PORT` of the emulator, whose registry is pushed to. */
  readonly endpoint: string;
  readonly onProgress: (message: string) => void;
}

/** What tells the CDK that there is no such image. */
const NO_SUCH_IMAGE = 1;
/** Options of `docker build` that change nothing about a virtual environment and a copy of the context. */
const HARMLESS = new Set(['--platform', '--network', '--cache-from', '--cache-to', '--output']);

/**
 * Speaks the commands of `docker` that the CDK uses, on a machine without a container engine.
 * @returns the exit code
 * @throws InvalidInputError for a command or an option that it doesn't know
 */
export async function localDocker(props: LocalDockerProps): Promise<number> {
  const { images, environment, cwd, onProgress } = props;
  const [command, ...rest] = withoutConfig(props.words);
  switch (command) {
    case 'login':
      return 0;
    case 'inspect':
      return images.find(rest[0] ?? '') ? 0 : NO_SUCH_IMAGE;
    case 'build': {
      await images.build({ ...parseBuild(rest), context: cwd, environment, onProgress });
      return 0;
    }
    case 'tag':
      images.tag(rest[0] ?? '', rest[1] ?? '');
      return 0;
    case 'push':
      await push(rest[0] ?? '', props);
      return 0;
    default:
      throw new InvalidInputError(
        'local docker',
        `knows build, inspect, login, push and tag only, got ${command ?? 'no command'}`,
        'use a real docker for anything else',
      );
  }
}

function withoutConfig(words: readonly string[]): readonly string[] {
  return words[0] === '--config' ? words.slice(2) : words;
}

function parseBuild(words: readonly string[]): Pick<BuildImageProps, 'name' | 'file' | 'buildArguments'> {
  const buildArguments: Record<string, string> = {};
  let name = '';
  let file: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const [option = '', joined] = (words[index] ?? '').split(/=(.*)/s);
    if (option === '.' || option === '--no-cache') continue;
    const value = () => {
      if (joined !== undefined) return joined;
      index += 1;
      return words[index];
    };
    if (option === '--tag') name = value() ?? '';
    else if (option === '--file') file = value();
    else if (option === '--build-arg') {
      const [, key = '', given = ''] = /^([^=]+)=(.*)$/s.exec(value() ?? '') ?? [];
      buildArguments[key] = given;
    } else if (HARMLESS.has(option)) value();
    else {
      throw new InvalidInputError(
        'local docker build',
        `can't do without a container engine what an option asks for, got ${option}`,
        'leave it out of the image asset',
      );
    }
  }
  return { name, file, buildArguments };
}

/** Lets the registry of the emulator know the image, so that the next deployment finds it there. */
async function push(uri: string, { images, endpoint }: LocalDockerProps): Promise<void> {
  const image = images.find(uri);
  const [, registryId, region, repositoryName] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/(.+):[^:]+$/.exec(uri) ?? [];
  if (!image || !region) {
    throw new InvalidInputError(uri, 'is no image of a registry that was built here, got nothing', 'build it first');
  }
  const ecr = new ECRClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, annotations: { tag: image.tag }, layers: [] });
  try {
    await ecr.send(
      new PutImageCommand({
        registryId,
        repositoryName,
        imageTag: image.tag,
        imageManifest,
        imageManifestMediaType: mediaType,
      }),
    );
  } catch (error) {
    if (!(error instanceof ImageAlreadyExistsException)) throw error;
  } finally {
    ecr.destroy();
  }
}
