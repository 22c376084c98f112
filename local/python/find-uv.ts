import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Variables } from './find-python';

/** The first whose `venv` has `--clear`: https://github.com/astral-sh/uv/releases/tag/0.8.0. */
const OLDEST = [0, 8] as const;

/**
 * A uv of the user's own that will do. Which packages come of it is up to the lock file and its hashes.
 * @param environment of which PATH is read
 * @returns undefined if there is none on PATH, or an older one, or one that doesn't run
 */
export async function findUv(environment: Variables): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('uv', ['--version'], { env: environment, timeout: 10_000 });
    const [, major, minor] = /^uv (\d+)\.(\d+)\./.exec(stdout) ?? [];
    if (major === undefined || minor === undefined) return undefined;
    const newer = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
    return newer ? 'uv' : undefined;
  } catch {
    return undefined;
  }
}
