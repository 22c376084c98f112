import { dirname, join } from 'node:path';
import { ensurePythonEnvironment } from '../../../local/python/python-environment';

/** Where a bench keeps things, and whom it tells. */
export interface BenchPlace {
  /** Of the repository. */
  readonly root: string;
  /** Exists. What is made for the bench and kept, and its logs. */
  readonly directory: string;
  readonly say: (message: string) => void;
}

export interface PythonLock {
  readonly name: string;
  /** Path in the repository. */
  readonly lock: string;
  /** @default false: a server keeps the bytecode of what it imports when it first starts */
  readonly compile?: boolean;
}

/** The interpreter of an environment with just what the lock file lists. */
export async function pythonOf({ root, directory, say }: BenchPlace, props: PythonLock): Promise<string> {
  const { name, lock, compile = false } = props;
  const { python } = await ensurePythonEnvironment({
    name,
    lockFile: join(root, lock),
    directory: join(dirname(directory), 'python'),
    environment: process.env,
    logFile: join(directory, `${name}.log`),
    onProgress: (message) => say(`${name}: ${message}`),
    compile,
  });
  return python;
}
