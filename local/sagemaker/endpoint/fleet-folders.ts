import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Container } from '../../container/container';
import type { Store } from '../store';

/** Fleets of an endpoint whose logs are kept. */
const MOST_KEPT = 5;
/** Processes that nobody waits for any more are ended quickly. */
const ORPHAN_GRACE_MS = 2_000;

/**
 * Folder of one fleet: `<variant>-<number>/output.log` below it has what that instance wrote. It stays when the fleet
 * is gone, until later fleets of the endpoint take its place.
 */
export function fleetDirectory(store: Store, endpointName: string, fleetId: string): string {
  return join(root(store), encodeURIComponent(endpointName), fleetId);
}

/** Removes the folders of the oldest fleets, as far as that can be done now. @param inUse ids that stay whatever their age */
export async function pruneFleets(store: Store, endpointName: string, inUse: readonly string[]): Promise<void> {
  const old = folders(join(root(store), encodeURIComponent(endpointName)))
    .slice(0, -MOST_KEPT)
    .filter((id) => !inUse.includes(id));
  await Promise.allSettled(
    old.map((id) => rm(fleetDirectory(store, endpointName, id), { recursive: true, force: true, maxRetries: 3 })),
  );
}

/** Ends all model servers that a program which was killed has left behind, also of endpoints that are no more. */
export async function stopOrphans(store: Store): Promise<void> {
  const instances = folders(root(store)).flatMap((endpoint) =>
    folders(join(root(store), endpoint)).flatMap((fleet) =>
      folders(join(root(store), endpoint, fleet)).map((instance) => join(root(store), endpoint, fleet, instance)),
    ),
  );
  await Promise.all(instances.map((instance) => Container.stopOrphan(instance, ORPHAN_GRACE_MS)));
}

function root(store: Store): string {
  return join(store.root, 'endpoint-fleets');
}

function folders(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
