import type { Profiler } from 'node:inspector';

/** What time is put down to. */
export interface Cause {
  readonly title: string;
  /** Of the files whose functions it is. */
  readonly files: RegExp;
}

const IDLE = '(idle)';
const COLLECTOR = '(garbage collector)';
export const MEMORY = 'freeing memory';
export const REST = 'Node itself: sockets, timers, streams';

/**
 * The time of a profile by cause, in milliseconds, without that in which nothing was done. A function of Node or of a
 * package that no cause names counts for the nearest one below it that does.
 */
export function timeByCause(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  causes: readonly Cause[],
): ReadonlyMap<string, number> {
  const titles = titlesOf(nodes, causes);
  const found = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const title = titles.get(id);
    // A delta is the time since the sample before.
    const micros = timeDeltas[index + 1] ?? 0;
    if (title !== undefined) found.set(title, (found.get(title) ?? 0) + micros / 1000);
  }
  return found;
}

function titlesOf(nodes: readonly Profiler.ProfileNode[], causes: readonly Cause[]): ReadonlyMap<number, string> {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const titleOf = (id: number | undefined): string => {
    const frame = id === undefined ? undefined : byId.get(id)?.callFrame;
    if (!frame) return REST;
    return causes.find(({ files }) => files.test(frame.url))?.title ?? titleOf(parents.get(id ?? 0));
  };
  return new Map(
    nodes.flatMap(({ id, callFrame: { functionName } }) => {
      if (functionName === IDLE) return [];
      return [[id, functionName === COLLECTOR ? MEMORY : titleOf(id)] as const];
    }),
  );
}
