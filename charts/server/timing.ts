import type { ModelOnKubernetes } from '../../config/kubernetes/model';

/** A slow disk, a busy node and a cold page cache together: so many times the load that was measured. */
const MARGIN = 3;
const SHORTEST_BUDGET_SECONDS = 30;
/** Endpoints and gateways hear of a pod's end while it still answers. */
const PRE_STOP_SECONDS = 15;
/** What a server takes to end once its last request is answered. */
const END_SECONDS = 5;
/** Pulling images and finding a node, which the start-up budget doesn't include. */
const PLACE_SECONDS = 600;

/** All times of a pod, in whole seconds, that follow from what was measured of the model. */
export interface Timing {
  /** Between two start-up probes, 1 to 10: a model is ready at most a tenth of its load later than it could be. */
  readonly startupPeriod: number;
  /** Start-up probes that may fail before the container is started anew. */
  readonly startupFailures: number;
  readonly preStop: number;
  /** From the wish that a pod ends to its end by force. */
  readonly terminationGrace: number;
  /** Without a ready pod for so long, an update has failed. */
  readonly progressDeadline: number;
}

export function timing({ loadSeconds, longestRequestSeconds }: ModelOnKubernetes): Timing {
  const startupPeriod = Math.min(10, Math.max(1, Math.floor(loadSeconds / 10)));
  const budget = Math.max(SHORTEST_BUDGET_SECONDS, loadSeconds * MARGIN);
  const startupFailures = Math.ceil(budget / startupPeriod);
  return {
    startupPeriod,
    startupFailures,
    preStop: PRE_STOP_SECONDS,
    terminationGrace: PRE_STOP_SECONDS + longestRequestSeconds + END_SECONDS,
    progressDeadline: startupFailures * startupPeriod + PLACE_SECONDS,
  };
}
