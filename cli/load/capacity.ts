import { INSTANCE_TYPES, type InstanceSize } from './instance-types';

export interface CapacityProps {
  /** Requests a second that have to be answered at any time. */
  readonly rps: number;
  /** The most that come at once, which autoscaling may grow to. */
  readonly peakRps: number;
  /** What the server answered a second on this machine while it held the percentile. */
  readonly measuredRps: number;
  /** Processes of the server, of which each keeps one processor busy. */
  readonly workers: number;
  /** Processors of this machine. */
  readonly processors: number;
  /** Memory of the whole server under load, in GiB. */
  readonly memoryGib: number;
  /** What a vCPU of SageMaker does of a processor of this machine; 1 for as much. */
  readonly vcpuFactor: number;
  /** Share of an instance that is left free for what the measurement doesn't show, in percent. */
  readonly headroomPercent: number;
}

export interface Proposal {
  readonly instanceType: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** Requests a second that one instance is counted on for. */
  readonly rpsPerInstance: number;
  readonly invocationsPerInstancePerMinute: number;
  /** For the rate at any time, with one instance lost, and at least one in each of two zones. */
  readonly min: number;
  /** For the peak, with one instance lost. */
  readonly max: number;
}

/** Share of an instance's memory that the model may have: the system and SageMaker's agent live in the rest. */
const MEMORY_SHARE = 0.75;
/** What an environment's `instances` may say. */
const MOST_INSTANCES = 100;
const ZONES = 2;

/**
 * Every instance type that can carry the load, those with the fewest vCPUs in all first: without prices, that is what
 * there is to go by.
 */
export function proposals(props: CapacityProps): readonly Proposal[] {
  return Object.entries(INSTANCE_TYPES)
    .map(([instanceType, size]) => proposal(instanceType, size, props))
    .filter((found) => found !== undefined)
    .toSorted((a, b) => a.min * a.vcpus - b.min * b.vcpus || a.min * a.memoryGib - b.min * b.memoryGib);
}

function proposal(
  instanceType: string,
  { vcpus, memoryGib }: InstanceSize,
  props: CapacityProps,
): Proposal | undefined {
  const { rps, peakRps, measuredRps, workers, processors, vcpuFactor, headroomPercent } = props;
  const busyHere = Math.min(workers, processors);
  const busyThere = Math.min(workers, vcpus);
  const rpsPerInstance = ((measuredRps * busyThere) / busyHere) * vcpuFactor * (1 - headroomPercent / 100);
  const invocationsPerInstancePerMinute = Math.floor(rpsPerInstance * 60);
  const min = Math.max(ZONES, Math.ceil(rps / rpsPerInstance) + 1);
  const max = Math.max(min, Math.ceil(peakRps / rpsPerInstance) + 1);
  const fits = props.memoryGib <= memoryGib * MEMORY_SHARE && invocationsPerInstancePerMinute >= 1;
  if (!fits || max > MOST_INSTANCES) return undefined;
  return { instanceType, vcpus, memoryGib, rpsPerInstance, invocationsPerInstancePerMinute, min, max };
}
