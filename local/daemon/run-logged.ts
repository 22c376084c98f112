import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { lastLines } from './log-tail';
import { openLog } from './open-log';

export interface RunLoggedProps {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @default the folder of this process */
  readonly cwd?: string;
  /** Takes the command and everything that it prints, after what is there already. */
  readonly logFile: string;
  /** Called with every line that it prints, without colours. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  /** Null when a signal ended it, or when it could not be started. */
  readonly code: number | null;
  /** Standard output, as it came. */
  readonly output: string;
  /** The last lines of both outputs, for messages. */
  readonly tail: string;
}

/**
 * Runs a program to its end, or to that of this process, with its output in a log. Never rejects: a program that can't be
 * started has code null.
 */
export async function runLogged({
  command,
  args,
  environment,
  cwd,
  logFile,
  onLine,
}: RunLoggedProps): Promise<RunResult> {
  const log = openLog(logFile);
  writeSync(log, `\n$ ${[command, ...args].join(' ')}\n`);
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  // A signal to this process alone leaves it running, and nobody would look at what it does.
  const end = () => void child.kill();
  process.once('exit', end);
  let output = '';
  let all = '';
  const rest = { out: '', err: '' };
  const take = (stream: keyof typeof rest, text: string) => {
    writeSync(log, text);
    all = (all + text).slice(-20_000);
    const lines = (rest[stream] + text).split(/\r?\n|\r/);
    rest[stream] = lines.pop() ?? '';
    for (const line of lines) onLine?.(stripVTControlCharacters(line));
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    take('out', text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => take('err', text));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      take('err', `${error.message}\n`);
      resolve(null);
    });
    child.once('close', resolve);
  });
  process.off('exit', end);
  for (const line of Object.values(rest)) if (line !== '') onLine?.(stripVTControlCharacters(line));
  closeSync(log);
  return { code, output, tail: lastLines(all, 15) };
}
