import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withProcessLock } from '../daemon/process-lock';
import { type RunResult, runLogged } from '../daemon/run-logged';
import type { Variables } from './find-python';
import { findUv } from './find-uv';
import { uvVariables } from './pip-settings';
import { replaceFolder } from './replace-folder';

/** An installer of our own is pinned too, with its hashes. */
const UV_LOCK = join(__dirname, 'uv.lock');
export const UV_FOLDER = 'uv-0.13.9';

export interface InstallProps {
  /** Interpreter that the virtual environment is made from. */
  readonly python: string;
  readonly lockFile: string;
  /** The virtual environment to make. */
  readonly target: string;
  /** Folder of all virtual environments. */
  readonly directory: string;
  readonly environment: Variables;
  readonly onProgress: (message: string) => void;
  readonly logFile: string;
  /** Whether to make bytecode of everything now, for processes that may write none. @default false */
  readonly compile?: boolean;
}

/**
 * Makes a virtual environment with what the lock file lists: by uv, which takes seconds, or by pip where uv can't be
 * had or fails, as behind some company proxies.
 * @throws Error with the end of the log
 */
export async function installPackages(props: InstallProps): Promise<void> {
  const { lockFile, target, onProgress, logFile, compile = false } = props;
  const uv = await ensureUv(props);
  if (!uv || (await withUv(props, uv)).code !== 0) {
    onProgress('installing with pip, as uv could not');
    const { code, tail } = await withPip(props);
    if (code !== 0) {
      throw new Error(
        `${lockFile}: its packages could not be installed, got\n${tail}\n; check the network, pip's settings and the disk, then run again (all output: ${logFile})`,
      );
    }
  }
  if (!compile) return;
  onProgress('compiling');
  await run(props, pythonOf(target), [
    '-m',
    'compileall',
    '-q',
    '-j',
    '0',
    '-x',
    '[/\\\\]tests[/\\\\]',
    join(target, 'lib'),
  ]);
}

export function pythonOf(target: string): string {
  return join(target, 'bin', 'python');
}

interface Uv {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** That of the machine, or one of ours. @returns undefined if it can't be installed here */
async function ensureUv(props: InstallProps): Promise<Uv | undefined> {
  const { directory, environment, onProgress } = props;
  const settings = pipSettings(props);
  const own = await findUv(environment);
  if (own !== undefined) return { path: own, variables: uvVariables((await settings) ?? '', environment) };
  const home = join(directory, UV_FOLDER);
  const path = join(home, 'bin', 'uv');
  const installed = await withProcessLock(`${home}.lock`, async () => {
    if (existsSync(path)) return true;
    onProgress('fetching the installer');
    return replaceFolder(home, async (draft) => installUv(props, draft));
  });
  if (!installed) return undefined;
  return { path, variables: uvVariables((await settings) ?? (await settingsOfOwnPip(props, home)), environment) };
}

/** By the environment that they were asked for: they are the same for all lock files. */
const asked = new WeakMap<Variables, Promise<string | undefined>>();

/** Output of `pip config list`. @returns undefined if the Python has no pip */
function pipSettings(props: InstallProps): Promise<string | undefined> {
  const { python, environment } = props;
  const settings =
    asked.get(environment) ??
    run(props, python, ['-m', 'pip', 'config', 'list']).then(({ code, output }) => (code === 0 ? output : undefined));
  asked.set(environment, settings);
  return settings;
}

async function settingsOfOwnPip(props: InstallProps, home: string): Promise<string> {
  const { output } = await run(props, pythonOf(home), ['-m', 'pip', 'config', 'list']);
  return output;
}

/**
 * With the pip of the Python itself, into a folder: it takes longer to make an environment and to put a pip into it.
 * That is for a Python without pip, and for settings of pip that don't go with a folder.
 */
async function installUv(props: InstallProps, target: string): Promise<boolean> {
  const install = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--require-hashes',
    '--no-deps',
    '-r',
    UV_LOCK,
  ];
  const succeeds = async (command: string, args: readonly string[]) => (await run(props, command, args)).code === 0;
  return (
    (await succeeds(props.python, [...install, '--no-compile', '--target', target])) ||
    ((await succeeds(props.python, ['-m', 'venv', '--clear', target])) && succeeds(pythonOf(target), install))
  );
}

async function withUv(props: InstallProps, { path, variables }: Uv): Promise<RunResult> {
  const { python, lockFile, target, onProgress } = props;
  const made = await run(props, path, ['venv', '--clear', '--python', python, target], { variables });
  if (made.code !== 0) return made;
  return run(props, path, ['pip', 'sync', '--require-hashes', '--python', pythonOf(target), lockFile], {
    variables,
    onLine: (line) => {
      const [, what] = /^(Resolved|Prepared|Installed|Downloading|Building|Built)\b/.exec(line.trim()) ?? [];
      if (what) onProgress(line.trim());
    },
  });
}

async function withPip(props: InstallProps): Promise<RunResult> {
  const { python, lockFile, target, onProgress } = props;
  const made = await run(props, python, ['-m', 'venv', '--clear', target]);
  if (made.code !== 0) return made;
  const install = [
    'install',
    '--disable-pip-version-check',
    '--no-compile',
    '--require-hashes',
    '--no-deps',
    '-r',
    lockFile,
  ];
  return run(props, pythonOf(target), ['-m', 'pip', ...install], {
    onLine: (line) => {
      if (/^(Collecting|Installing)/.test(line)) onProgress(line.split(/[=,]/, 1)[0] ?? line);
    },
  });
}

function run(
  { environment, logFile }: InstallProps,
  command: string,
  args: readonly string[],
  { variables = {}, onLine }: { variables?: Readonly<Record<string, string>>; onLine?: (line: string) => void } = {},
): Promise<RunResult> {
  // Another environment may be switched on in the user's shell, and its settings would lead astray.
  const { PYTHONHOME: _home, PYTHONPATH: _path, VIRTUAL_ENV: _venv, ...rest } = environment;
  return runLogged({
    command,
    args,
    environment: { ...rest, ...variables, PYTHONDONTWRITEBYTECODE: '' },
    logFile,
    onLine,
  });
}
