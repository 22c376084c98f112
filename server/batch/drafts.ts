import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Also of those without a name of their own, as earlier versions left them. */
const DRAFT = /^\.(.+\.out)(?:\.[0-9a-f]{8})?\.part$/s;

/**
 * Where an answer stands until it is whole, beside its target: a file that no other process writes to. Two may be at one
 * shard, as a node that was thought dead comes back.
 */
export function draftOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.part`);
}

/**
 * Removes what killed processes have left of answers that are there by now. Drafts of others stay: somebody may be writing
 * one.
 */
export async function clearDrafts(targets: readonly string[]): Promise<void> {
  const whole = new Set(targets.filter((target) => existsSync(target)));
  for (const folder of new Set([...whole].map((target) => dirname(target)))) {
    for (const name of readdirSync(folder)) {
      const [, of] = DRAFT.exec(name) ?? [];
      if (of !== undefined && whole.has(join(folder, of))) await rm(join(folder, name), { force: true });
    }
  }
}
