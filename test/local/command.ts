import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const REPOSITORY = resolve(__dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until the output so far matches. @throws Error if the command ends first or the time is over */
  sees(pattern: RegExp, timeoutSeconds: number): Promise<void>;
}

/** What hangs is ended, or it would keep the run of the tests from its end: longer than any test waits. */
const LONGEST_MS = 720_000;

/** Starts `mlops` as a user would, on a state folder of its own. */
export function mlops(state: string, ...words: readonly string[]): Started {
  const child = spawn(process.execPath, [join(REPOSITORY, 'bin', 'mlops.mjs'), ...words], {
    cwd: REPOSITORY,
    env: { ...process.env, MLOPS_STATE_DIR: state, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((done) =>
    child.once('close', (code) => {
      // Only now has all been read that it printed.
      isOver = true;
      done({ code, stdout, stderr });
    }),
  );
  return {
    process: child,
    ended,
    sees: (pattern, timeoutSeconds) =>
      new Promise((found, reject) => {
        const deadline = Date.now() + timeoutSeconds * 1000;
        const timer = setInterval(() => {
          const seen = pattern.test(stdout + stderr);
          if (!seen && !isOver && Date.now() <= deadline) return;
          clearInterval(timer);
          if (seen) found();
          else reject(new Error(`never saw ${pattern} in\n${stdout}\n${stderr}`));
        }, 50);
      }),
  };
}
