import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { InvalidInputError } from '../../core/invalid-input-error';
import { type Image, ImageStore } from '../container/image';
import { withProcessLock } from '../daemon/process-lock';
import type { Variables } from '../python/find-python';
import { ensurePythonEnvironment } from '../python/python-environment';
import type { StateDirectory } from '../state-directory';
import { PROGRAM, parseDockerfile } from './dockerfile';
import { nodePackages } from './node-packages';

export interface BuildImageProps {
  /** Name of the image, with or without a repository before the last colon. */
  readonly name: string;
  /** Folder of the build context. */
  readonly context: string;
  /** Path of the Dockerfile in the context. @default Dockerfile */
  readonly file?: string;
  /** Values of the Dockerfile's ARGs. @default - none */
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly environment: Variables;
  readonly onProgress?: (message: string) => void;
}

/** Makes what stands for container images on this machine: see {@link Image}. */
export class LocalImages {
  private readonly store: ImageStore;

  constructor(private readonly state: StateDirectory) {
    this.store = new ImageStore(state.images);
  }

  /** @returns undefined if it was never built, or a part of it has been deleted since */
  find(name: string): Image | undefined {
    const image = this.store.find(name);
    return image && existsSync(image.program) && existsSync(image.interpreter) ? image : undefined;
  }

  /**
   * Copies the context, and makes the virtual environment that the Dockerfile installs.
   * @throws InvalidInputError if the Dockerfile asks for what can't be done without a container engine
   */
  async build(props: BuildImageProps): Promise<Image> {
    const { name, context, file = 'Dockerfile', buildArguments, environment, onProgress } = props;
    const path = join(context, file);
    const dockerfile = parseDockerfile(file, readDockerfile(path, file), buildArguments);
    const lockFile = join(context, dockerfile.lockFile);
    if (!existsSync(lockFile)) {
      throw new InvalidInputError(
        file,
        `copies a file that isn't there, got ${dockerfile.lockFile}`,
        'correct the path',
      );
    }
    const tag = tagOf(name);
    const variables = Object.entries(dockerfile.environment);
    let interpreter = process.execPath;
    if (dockerfile.language === 'node') variables.push(['NODE_PATH', nodePackages(lockFile)]);
    else {
      const { python } = await ensurePythonEnvironment({
        name: basename(dirname(path)),
        lockFile,
        directory: this.state.pythonEnvironments,
        environment,
        onProgress,
        logFile: join(this.state.logs, 'python.log'),
      });
      interpreter = python;
      // A container's layer is thrown away, and so is bytecode in it; this environment stays. An empty value means no.
      variables.push(['PYTHONDONTWRITEBYTECODE', '']);
    }
    const folder = join(this.state.images, tag);
    const program = join(folder, 'program');
    await withProcessLock(`${folder}.lock`, async () => copyFolder(context, program));
    return this.write({
      tag,
      program,
      interpreter,
      environment: Object.fromEntries(variables.map(([key, value]) => [key, value.replaceAll(PROGRAM, program)])),
    });
  }

  /** Gives an image another name too. @throws InvalidInputError if there is no such image */
  tag(name: string, other: string): Image {
    const image = this.find(name);
    if (!image) throw new InvalidInputError(name, 'no such image was built here, got nothing', 'build it first');
    return this.write({ ...image, tag: tagOf(other) });
  }

  private write(image: Image): Image {
    const file = join(this.state.images, `${image.tag}.json`);
    const draft = `${file}.${process.pid}.draft`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, JSON.stringify(image, null, 2));
    renameSync(draft, file);
    return image;
  }
}

function tagOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function readDockerfile(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidInputError(file, `can't be read, got ${(error as Error).message}`, 'check the path', {
      cause: error,
    });
  }
}

/** Replaces `to` by a copy of `from`, so that it is never there half. */
function copyFolder(from: string, to: string): void {
  const draft = `${to}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, draft, { recursive: true, filter: (path) => !relative(from, path).split('/').includes('__pycache__') });
  rmSync(to, { recursive: true, force: true });
  renameSync(draft, to);
}
