import { isDeepStrictEqual } from 'node:util';
import type { MovedField } from './write-charts';

interface ClusterObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What the API server counts up or notes for itself. */
const BOOKKEEPING = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'uid'];
/** A copy of what was applied from a client, which an apply on the server rewrites in its own way. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Objects that are in the cluster as they would be applied, but for what kubectl notes and for fields that a controller
 * moves.
 * @param live as they are
 * @param merged as they would be
 * @returns the paths of the moved fields that differ, by the name that kubectl's diff gives the object
 */
export function notDiffering(
  live: readonly unknown[],
  merged: readonly unknown[],
  moved: readonly MovedField[],
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map(live.map((object) => [nameOf(object as ClusterObject), object]));
  const found = new Map<string, readonly string[]>();
  for (const object of merged) {
    const name = nameOf(object as ClusterObject);
    const now = byName.get(name);
    if (now === undefined) continue;
    const fields = moved.filter(({ group, kind }) => isOf(object as ClusterObject, group, kind));
    if (isSame(now, object, [])) found.set(name, []);
    else if (isSame(now, object, fields)) found.set(name, [...new Set(fields.map(({ path }) => path))]);
  }
  return found;
}

function isSame(one: unknown, other: unknown, but: readonly MovedField[]): boolean {
  return isDeepStrictEqual(comparable(one, but), comparable(other, but));
}

function comparable(object: unknown, but: readonly MovedField[]): unknown {
  const { status: _status, ...copy } = structuredClone(object) as {
    status?: unknown;
    metadata?: Record<string, unknown> & { annotations?: Record<string, string> };
  };
  const { annotations, ...metadata } = copy.metadata ?? {};
  for (const key of BOOKKEEPING) delete metadata[key];
  const { [LAST_APPLIED]: _noted, ...others } = annotations ?? {};
  const compared = { ...copy, metadata: { ...metadata, annotations: others } };
  for (const { takeOut } of but) takeOut(compared);
  return compared;
}

/** As `kubectl diff` names a file: without the group where there is none. */
function nameOf({ apiVersion = '', kind = '', metadata }: ClusterObject): string {
  return [...apiVersion.split('/'), kind, metadata?.['namespace'] ?? '', metadata?.['name']].join('.');
}

function isOf({ apiVersion = '', kind }: ClusterObject, group: string, of: string): boolean {
  return kind === of && (apiVersion.includes('/') ? apiVersion.split('/')[0] : '') === group;
}
