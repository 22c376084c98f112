import { createHash } from 'node:crypto';
import { existsSync, lutimesSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withProcessLock } from '../daemon/process-lock';
import { findPython, type Variables } from './find-python';
import { installPackages, pythonOf } from './install-packages';
import { removeDrafts } from './remove-drafts';
import { replaceFolder } from './replace-folder';

export interface PythonEnvironmentProps {
  /** Begins the folder's name. */
  readonly name: string;
  /** Lists every package with its version and hashes. */
  readonly lockFile: string;
  /** Folder of all virtual environments. */
  readonly directory: string;
  /** @default a Python 3.11 that is found on PATH or among pyenv's */
  readonly python?: string;
  /** Settings of pip and uv in it are kept to. PATH and HOME are needed. */
  readonly environment: Variables;
  readonly onProgress?: (message: string) => void;
  /** Takes the output of the installer. */
  readonly logFile: string;
  /**
   * Whether bytecode is made of everything now. Otherwise the processes make it of what they import, when they first do.
   * One that has it true needs a name of its own.
   * @default false
   */
  readonly compile?: boolean;
}

export interface PythonEnvironment {
  /** The interpreter. */
  readonly python: string;
  /** Folder of the interpreter and of the packages' programs. */
  readonly bin: string;
}

/** Part of the folder's name: another value makes all environments anew. */
const RECIPE = 1;

/** Ends the names of the folders that are made from a lock file. @param content of the lock file */
export function lockHash(content: Buffer): string {
  return createHash('sha256').update(`${RECIPE}\n`).update(content).digest('hex').slice(0, 12);
}

/** The link to an environment has the time when somebody last asked for it. */
function noteUse(link: string): void {
  const now = new Date();
  try {
    lutimesSync(link, now, now);
  } catch {
    // It isn't there yet, or belongs to somebody else, who alone can remove it.
  }
}

/**
 * The virtual environment for a lock file. It is made once: by one process when several ask at the same time, and again
 * when the one that made it was killed.
 * @throws InvalidInputError if there is no Python 3.11
 * @throws Error if the packages can't be installed
 */
export async function ensurePythonEnvironment(props: PythonEnvironmentProps): Promise<PythonEnvironment> {
  const { name, lockFile, directory, environment, onProgress = () => {}, logFile, compile = false } = props;
  const target = join(directory, `${name}-${lockHash(readFileSync(lockFile))}`);
  const made = { python: pythonOf(target), bin: join(target, 'bin') };
  if (existsSync(directory)) removeDrafts(directory);
  // In this order: see removeEnvironment.
  noteUse(target);
  if (existsSync(made.python)) return made;
  await withProcessLock(
    `${target}.lock`,
    async () => {
      if (existsSync(made.python)) return;
      const python = await findPython(environment, props.python);
      await replaceFolder(target, async (draft) => {
        await installPackages({
          python,
          lockFile,
          target: draft,
          directory,
          environment,
          onProgress,
          logFile,
          compile,
        });
        return true;
      });
    },
    { onWait: (pid) => onProgress(`waiting for process ${pid}, which installs the same`) },
  );
  return made;
}
