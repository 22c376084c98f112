import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInputError } from '../../core/invalid-input-error';
import { identify, isRunning, type ProcessIdentity } from '../container/process-identity';

const ATTEMPTS = 5;

/**
 * Keeps a second program out of a state directory. Each program puts down a claim of its own and then looks for those
 * of others, so of two that come at the same time at least one sees the other. Claims of processes that have ended,
 * whatever way, count for nothing.
 */
export class StateClaim {
  private constructor(private readonly file: string) {}

  /** @throws InvalidInputError if another program that still runs has claimed the directory */
  static async take(directory: string): Promise<StateClaim> {
    const claims = join(directory, 'claims');
    mkdirSync(claims, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const name = `${randomUUID()}.json`;
      const claim = new StateClaim(join(claims, name));
      writeFileSync(claim.file, JSON.stringify(identify(process.pid)));
      const holder = otherHolder(claims, name);
      if (!holder) return claim;
      claim.release();
      if (attempt === ATTEMPTS)
        throw new InvalidInputError(
          directory,
          `is in use by another local SageMaker, got process ${holder.pid}`,
          'stop that one, or give this one a state directory of its own',
        );
      // Two that came at the same time have both stepped back: the one that returns first has it.
      // oxlint-disable-next-line no-await-in-loop
      await delay(randomInt(20, 120));
    }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

function otherHolder(claims: string, own: string): ProcessIdentity | undefined {
  for (const name of readdirSync(claims)) {
    if (name === own) continue;
    const file = join(claims, name);
    const identity = readClaim(file);
    if (identity && isRunning(identity)) return identity;
    rmSync(file, { force: true });
  }
  return undefined;
}

/** @returns undefined for a claim that is gone or was cut off by a kill */
function readClaim(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
