import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from './process-identity';

/** In the folder of a container that hasn't ended. */
export const IDENTITY_FILE = 'process.json';

/** Stands there until it is known which process it is. */
export const STARTING = { starting: true } as const;

export function identityFile(directory: string): string {
  return join(directory, IDENTITY_FILE);
}

/** @returns undefined if there is none, or half of one */
export function readIdentity(directory: string): ProcessIdentity | typeof STARTING | undefined {
  try {
    return JSON.parse(readFileSync(identityFile(directory), 'utf8')) as ProcessIdentity | typeof STARTING;
  } catch {
    return undefined;
  }
}
