import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InvalidInputError } from '../core/invalid-input-error';
import type { StateDirectory } from './state-directory';

/** Drafts, locks, and the journals of a database, which are named after what they are of. */
const BESIDE = /^(\.draft|\.fingerprint|\.lock|\.\d+\.draft.*|-(wal|shm|journal))?$/;
/** What file managers leave. */
const HARMLESS = ['.DS_Store'];

/** @returns what lies in the folder that no local environment has made */
function foreign(state: StateDirectory): readonly string[] {
  const made = [
    state.processes,
    state.logs,
    state.aws,
    state.sagemaker,
    state.images,
    state.cloudAssembly,
    state.mlflowDatabase,
    state.mlflowArtifacts,
    dirname(state.report),
    state.summary,
    state.rehearsals,
  ].map((path) => basename(path));
  const isOurs = (entry: string) =>
    HARMLESS.includes(entry) || made.some((name) => entry.startsWith(name) && BESIDE.test(entry.slice(name.length)));
  return entriesOf(state.root).filter((entry) => !isOurs(entry));
}

/**
 * @param where the option or command that removes from it
 * @throws InvalidInputError if the folder holds anything else: it may be somebody's home, by a slip in MLOPS_STATE_DIR
 */
export function requireForgettable(state: StateDirectory, where = '--fresh'): void {
  const found = foreign(state);
  if (found.length === 0) return;
  throw new InvalidInputError(
    where,
    `removes from a folder that holds nothing but a local environment, got ${state.root} with ${found.slice(0, 3).join(', ')}`,
    'move that elsewhere, remove the folder by hand, or name another one in MLOPS_STATE_DIR',
  );
}

/** Removes a local environment that doesn't run. @throws InvalidInputError if the folder holds anything else */
export function forgetState(state: StateDirectory): void {
  requireForgettable(state);
  for (const entry of entriesOf(state.root)) rmSync(join(state.root, entry), { recursive: true, force: true });
  try {
    rmdirSync(state.root);
  } catch {
    // It isn't there, or a link, or somebody has put something into it since: none of it is in the way.
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
