import type { DeploymentEntry } from '../sagemaker/endpoint/deployment-history';

/** How much of the traffic met a new version while it was on trial. */
export interface Exposure {
  /** Requests that it answered, well or not. */
  readonly requests: number;
  /** Those of them that failed. */
  readonly failed: number;
  /** Share of the traffic times minutes of the endpoint's clock: 10 % for ten minutes is 100. */
  readonly percentMinutes: number;
  /** The same for the whole of the first step, which is what a guard that goes off in it has to stay below. */
  readonly firstStepPercentMinutes: number;
}

/**
 * Adds up the shares that a deployment has given to its new fleet, from the beginning to the end.
 * @param speed how many times faster than the machine's the endpoint's clock goes
 */
export function exposureOf({ events, green, plan }: DeploymentEntry, speed: number): Exposure {
  let percentMinutes = 0;
  events.forEach(({ time, greenPercent }, index) => {
    const next = events[index + 1];
    if (!next) return;
    const minutes = (Math.max(0, Date.parse(next.time) - Date.parse(time)) / 60_000) * speed;
    percentMinutes += greenPercent * minutes;
  });
  const [first] = plan;
  return {
    requests: green.requests,
    failed: green.errors,
    percentMinutes,
    firstStepPercentMinutes: first ? (first.greenPercent * first.waitSeconds) / 60 : 0,
  };
}
