import { z } from 'zod';

const time = z.iso.datetime();
const count = z.int().min(0);

const FleetTotals = z.object({
  /** Requests that the fleet was given. */
  requests: count,
  /** Those of them that it answered with a 5xx, or not at all. */
  errors: count,
});

const FleetSample = FleetTotals.extend({
  /** 99th percentile of the model's latency in milliseconds; null without requests. */
  p99Ms: z.number().min(0).nullable(),
});

/** What both fleets did in one minute of the endpoint's clock: `60 / speed` seconds of the machine's. */
const DeploymentSample = z.object({
  /** When it ended. */
  time,
  /** The share of the traffic that the new fleet was to have at the end of it, 0 to 100. */
  greenPercent: z.number().min(0).max(100),
  blue: FleetSample,
  green: FleetSample,
});

const DeploymentEvent = z.object({
  time,
  stage: z.enum(['Creating', 'ActivatingTraffic', 'Baking', 'TerminationWait', 'RollingBack', 'Completed']),
  /** Share of the traffic that goes to the new fleet from here on, 0 to 100. */
  greenPercent: z.number().min(0).max(100),
});

const FiredAlarm = z.object({
  name: z.string(),
  /** CloudWatch's StateReason. */
  reason: z.string(),
  time,
});

/** One deployment of an EndpointConfig, over or under way. All times are the machine's; waits are as configured. */
export const DeploymentEntry = z.object({
  id: z.string(),
  /** EndpointConfig that served before, the blue fleet. */
  fromConfig: z.string(),
  /** EndpointConfig that is to serve, the green fleet. */
  toConfig: z.string(),
  strategy: z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING']),
  /** Names in its AutoRollbackConfiguration. */
  alarms: z.array(z.string()),
  /** Steps that were planned, with the bake after each in configured seconds. */
  plan: z.array(z.object({ greenPercent: z.number(), waitSeconds: z.number() })),
  terminationWaitSeconds: z.number(),
  startTime: time,
  endTime: time.optional(),
  outcome: z.enum(['InProgress', 'Succeeded', 'RolledBack']),
  /** Why it was rolled back, as in the endpoint's FailureReason. */
  reason: z.string().optional(),
  fired: z.array(FiredAlarm),
  events: z.array(DeploymentEvent),
  blue: FleetTotals,
  green: FleetTotals,
  series: z.array(DeploymentSample),
});
export type DeploymentEntry = z.output<typeof DeploymentEntry>;
export type DeploymentSample = z.output<typeof DeploymentSample>;
export type FiredAlarm = z.output<typeof FiredAlarm>;

/**
 * Answer of `GET /_local/endpoints/NAME/deployments`, which only the laptop has: SageMaker keeps no history. The local
 * AWS passes it on, so its endpoint URL will do.
 */
export const DeploymentHistory = z.object({
  endpointName: z.string(),
  /** How many times faster than the machine's the endpoint's clock goes. */
  speed: z.number().min(1),
  /** The latest first. */
  deployments: z.array(DeploymentEntry),
});
export type DeploymentHistory = z.output<typeof DeploymentHistory>;
