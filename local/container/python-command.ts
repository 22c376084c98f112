import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';

export interface PythonCommand {
  /** As the system gives it to Python: `python3`, say. */
  readonly python: string;
  readonly script: string;
  readonly args: readonly string[];
}

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Where commands are looked for. */
  readonly path: string;
  /** Of the image. */
  readonly interpreter: string;
}

const PYTHON = /^python(3(\.\d+)?)?$/;
const FIRST_LINE_BYTES = 128;

/**
 * Which script a command has the image's Python run, and nothing but run.
 * @returns undefined for every other command, also where an option stands before the script
 */
export function pythonCommand({ command, args, cwd, path, interpreter }: CommandLine): PythonCommand | undefined {
  const isInterpreter = (name: string) => {
    const file = PYTHON.test(basename(name)) ? find(name, cwd, path) : undefined;
    return file !== undefined && dirname(file) === dirname(interpreter) && isSame(file, interpreter);
  };
  if (isInterpreter(command)) {
    const [script, ...others] = args;
    if (script === undefined || script.startsWith('-') || !isFile(resolve(cwd, script))) return undefined;
    return { python: command, script, args: others };
  }
  const script = find(command, cwd, path);
  const python = script === undefined ? undefined : /^#!\/usr\/bin\/env (\S+)\s*$/.exec(firstLine(script))?.[1];
  return script !== undefined && python !== undefined && !python.includes('/') && isInterpreter(python)
    ? { python, script, args }
    : undefined;
}

/** As the system looks for a command. */
function find(command: string, cwd: string, path: string): string | undefined {
  const candidates = command.includes('/')
    ? [resolve(cwd, command)]
    : path.split(delimiter).map((folder) => join(folder, command));
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return isFile(file);
  } catch {
    return false;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Whether two names lead to one file. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

function firstLine(file: string): string {
  const buffer = Buffer.alloc(FIRST_LINE_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer)).split('\n', 1)[0] ?? '';
  } finally {
    closeSync(descriptor);
  }
}
