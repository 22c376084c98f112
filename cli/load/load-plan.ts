import { availableParallelism, cpus } from 'node:os';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Window } from '../../local/load/closed-loop';
import { type Level, type RisingLoad, risingLoad } from '../../local/load/rising-load';
import { type Proposal, proposals } from './capacity';
import type { LoadRequest } from './load-options';

/** The server under load, however it was started. */
export interface Measured {
  readonly workers: number;
  /** One window of so many requests under way. */
  readonly measure: (concurrency: number) => Promise<Window>;
  /** In GiB, of now. @returns undefined where the machine doesn't say */
  readonly memoryGib: () => Promise<number | undefined>;
}

export interface LoadPlan {
  readonly request: LoadRequest;
  readonly machine: { readonly processors: number; readonly model: string };
  readonly workers: number;
  /** In GiB. */
  readonly memoryGib: number | null;
  readonly levels: readonly Level[];
  readonly best: Level;
  readonly proposal: Proposal;
  readonly alternatives: readonly Proposal[];
}

/** Where the machine doesn't say how much a server takes. */
const UNKNOWN_MEMORY_GIB = 1;
const ALTERNATIVES = 3;

/**
 * Measures the server and works the plan out of it.
 * @throws InvalidInputError if the percentile can't be held, or no instance type can carry the load
 */
export async function loadPlan(
  request: LoadRequest,
  { workers, measure, memoryGib }: Measured,
  say: (message: string) => void,
): Promise<LoadPlan> {
  // On a slower processor every answer takes longer by as much.
  const p99Ms = request.p99Ms * Math.min(1, request.vcpuFactor);
  const { levels, best } = await risingLoad({ measure, p99Ms, repeats: request.repeats, say });
  if (!best) throw tooSlow(request, p99Ms, levels);
  const memory = await memoryGib();
  const processors = availableParallelism();
  const [proposal, ...others] = proposals({
    ...request,
    measuredRps: best.perSecond,
    workers,
    processors,
    memoryGib: memory ?? UNKNOWN_MEMORY_GIB,
  });
  if (!proposal) {
    throw new InvalidInputError(
      '--rps',
      `no instance type carries it with at most 100 instances, got ${request.peakRps} a second at the peak and ${best.perSecond.toFixed(1)} from one server`,
      'make the model faster, give it more workers, or spread it over several endpoints',
    );
  }
  return {
    request,
    machine: { processors, model: cpus()[0]?.model ?? 'unknown' },
    workers,
    memoryGib: memory ?? null,
    levels,
    best,
    proposal,
    alternatives: others.slice(0, ALTERNATIVES),
  };
}

function tooSlow({ p99Ms, vcpuFactor }: LoadRequest, here: number, levels: RisingLoad['levels']): InvalidInputError {
  const fastest = levels.filter(({ p99Ms }) => !Number.isNaN(p99Ms)).toSorted((a, b) => a.p99Ms - b.p99Ms)[0];
  const failed = levels.reduce((total, level) => total + level.failed, 0);
  const seen = fastest
    ? `the best that was seen is ${fastest.p99Ms.toFixed(1)} ms, at ${fastest.perSecond.toFixed(1)} a second with ${fastest.concurrency} at a time`
    : 'no request was answered';
  const scaled = here < p99Ms ? `, which is ${here.toFixed(1)} ms on this machine by --vcpu-factor ${vcpuFactor}` : '';
  return new InvalidInputError(
    '--p99-ms',
    `can't be held, got ${p99Ms} ms${scaled}; ${seen}${failed > 0 ? `, and ${failed} requests failed` : ''}`,
    'raise it, or make the model faster',
  );
}
