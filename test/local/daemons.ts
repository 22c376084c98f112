import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../local/container/process-identity';

/** The background processes of an environment, by the names of their files. */
function daemonFiles(state: string): string[] {
  return readdirSync(join(state, 'processes')).filter((file) => file.endsWith('.json'));
}

function read(state: string, file: string): ProcessIdentity {
  return JSON.parse(readFileSync(join(state, 'processes', file), 'utf8')) as ProcessIdentity;
}

export function readDaemons(state: string): ProcessIdentity[] {
  return daemonFiles(state).map((file) => read(state, file));
}

/** Process id of the one with that name. */
export function daemonOf(state: string, name: string): number {
  return read(state, daemonFiles(state).find((file) => file.includes(name)) ?? '').pid;
}
