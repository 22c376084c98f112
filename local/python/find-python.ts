import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvalidInputError } from '../../core/invalid-input-error';

/** The lock files are made for it, and it is the Python of the images. */
export const PYTHON_VERSION = '3.11';

const QUESTION = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2], sys.executable)';

/** Environment variables, of which PATH, HOME, PYENV_ROOT and those of pip and uv are read. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A Python 3.11 on this machine that can make virtual environments.
 * @param wanted the only one to try, when given
 * @returns path of the interpreter itself, never of a shim
 * @throws InvalidInputError that lists what was found instead
 */
export async function findPython(environment: Variables, wanted?: string): Promise<string> {
  const found: string[] = [];
  for (const candidate of wanted ? [wanted] : candidates(environment)) {
    const answer = await ask(candidate, environment);
    if (answer === undefined) continue;
    const { version, executable, problem } = answer;
    if (version === PYTHON_VERSION) return executable;
    found.push(problem ? `${candidate} (${problem})` : `${candidate} (${version})`);
  }
  throw new InvalidInputError(
    'Python',
    `${PYTHON_VERSION} with its module venv is needed, got ${found.length > 0 ? found.join(', ') : 'no Python at all'}`,
    'install it (apt install python3.11-venv, brew install python@3.11, pyenv install 3.11, or from python.org) and see that python3.11 is on PATH',
  );
}

function candidates(environment: Variables): readonly string[] {
  const versions = join(environment.PYENV_ROOT ?? join(environment.HOME ?? '/', '.pyenv'), 'versions');
  return [`python${PYTHON_VERSION}`, 'python3', 'python', ...installedByPyenv(versions)];
}

function installedByPyenv(versions: string): string[] {
  try {
    return readdirSync(versions)
      .filter((name) => name.startsWith(`${PYTHON_VERSION}.`))
      .toSorted()
      .toReversed()
      .map((name) => join(versions, name, 'bin', 'python'));
  } catch {
    return [];
  }
}

interface Answer {
  readonly version?: string;
  readonly executable: string;
  readonly problem?: string;
}

/** @returns undefined if there is no such program */
async function ask(candidate: string, environment: Variables): Promise<Answer | undefined> {
  try {
    const { stdout } = await promisify(execFile)(candidate, ['-c', QUESTION], { env: environment, timeout: 20_000 });
    const [version, executable = candidate] = stdout.trim().split(/ (.*)/s);
    return { version, executable };
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: number | string; readonly stderr?: string };
    // 127: a shim of pyenv for a version that isn't switched on here.
    if (code === 'ENOENT' || code === 'EACCES' || code === 127) return undefined;
    const [problem = 'it does not run'] = stderr.trim().split('\n').slice(-1);
    return { executable: candidate, problem };
  }
}
