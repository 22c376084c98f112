import { z } from 'zod';
import type { ServingMode } from './serving';

/** A pause after capacity was added, and one after it was taken away, before the same may happen again. */
const cooldowns = (scaleOutSeconds: number, scaleInSeconds: number) => ({
  scaleOutCooldownSeconds: z.int().min(0).max(86_400).default(scaleOutSeconds),
  scaleInCooldownSeconds: z.int().min(0).max(86_400).default(scaleInSeconds),
});

/** From then on, capacity stays between these bounds, until another action or a deployment sets others. */
const ScheduledAction = z.strictObject({
  /** `cron(0 7 ? * MON-FRI *)`, `rate(12 hours)` or `at(2026-03-29T04:00:00)`. */
  schedule: z.string(),
  /** IANA's name; a clock change moves the action. @default 'UTC' */
  timeZone: z.string().default('UTC'),
  min: z.int().min(0),
  max: z.int().min(0),
});
export type ScheduledAction = z.output<typeof ScheduledAction>;

const actionName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an action is lower-case words joined by hyphens');
const ScheduledActions = z.record(actionName, ScheduledAction);
/** Times of the day or week at which the bounds change, by name; switched off where the environment's schedules are. */
const scheduledActions = ScheduledActions.default({});

/**
 * Metrics of an instance that a step policy may watch. CPUUtilization counts 100 for each vCPU: a full ml.m5.xlarge is
 * at 400. InvocationsPerInstance counts a minute's.
 */
export const STEP_METRICS = [
  'CPUUtilization',
  'MemoryUtilization',
  'GPUUtilization',
  'GPUMemoryUtilization',
  'InvocationsPerInstance',
] as const;

const ScaleOutStep = z.strictObject({
  /** Value of the metric from which the step holds. */
  from: z.number(),
  /** Value that it ends before. @default - none: the last step has no end */
  to: z.number().optional(),
  /** Instances more. */
  add: z.int().min(1).max(100),
});
export type ScaleOutStep = z.output<typeof ScaleOutStep>;

const ScaleInStep = z.strictObject({
  /** Value of the metric down from which the step holds. */
  to: z.number(),
  /** Value that it ends above. @default - none: the last step has no end */
  from: z.number().optional(),
  /** Instances fewer. */
  remove: z.int().min(1).max(100),
});
export type ScaleInStep = z.output<typeof ScaleInStep>;

const StepScaling = z.strictObject({
  kind: z.literal('step'),
  metric: z.enum(STEP_METRICS),
  /** Steps that meet each other. The lowest `from` is what the alarm goes off at. */
  scaleOut: z.array(ScaleOutStep).min(1).max(20),
  /** Steps that meet each other. The highest `to` is what the alarm goes off at. */
  scaleIn: z.array(ScaleInStep).min(1).max(20),
  /** For how long the metric has to be there before instances are added. */
  scaleOutMinutes: z.int().min(1).max(60).default(3),
  /** For how long the metric has to be there before instances are taken away. */
  scaleInMinutes: z.int().min(1).max(60).default(15),
  ...cooldowns(60, 300),
  scheduledActions,
});
export type StepScaling = z.output<typeof StepScaling>;

/**
 * What capacity follows. Which kind goes with which serving mode: docs/guide/autoscaling.md.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-sagemaker.html
 */
export const Scaling = z.discriminatedUnion('kind', [
  /** Target tracking on requests: for models whose requests take about the same time. */
  z.strictObject({
    kind: z.literal('invocations'),
    /** What one instance answers well, in requests a minute. */
    perInstancePerMinute: z.int().min(1),
    ...cooldowns(60, 300),
    scheduledActions,
  }),
  /** Target tracking on requests under way, measured every 10 seconds: for slow models and for sudden load. */
  z.strictObject({
    kind: z.literal('concurrency'),
    /** How many requests a model on one instance works on at a time, those that wait for it included. */
    requestsPerModel: z.number().gt(0).max(10_000),
    ...cooldowns(60, 300),
    scheduledActions,
  }),
  /** Instances by steps of a metric, for what a target can't say, such as doubling when it gets worse. */
  StepScaling,
  /** Bounds that change at fixed times and nothing in between. */
  z.strictObject({
    kind: z.literal('scheduled'),
    scheduledActions: ScheduledActions.refine(
      (actions) => Object.keys(actions).length > 0,
      'scheduled scaling needs at least one action',
    ),
  }),
  /** Target tracking on how much of a serverless endpoint's provisioned concurrency is used. */
  z.strictObject({
    kind: z.literal('provisionedConcurrency'),
    utilizationPercent: z.int().min(1).max(100).default(70),
    /** Provisioned concurrency at the least and at the most. */
    min: z.int().min(1).max(200),
    max: z.int().min(1).max(200),
    ...cooldowns(60, 300),
    scheduledActions,
  }),
  /** Target tracking on the queue of an asynchronous endpoint. */
  z.strictObject({
    kind: z.literal('backlog'),
    /** Requests that may wait for one instance. */
    perInstance: z.number().gt(0).max(100_000).default(5),
    /** Whether an empty queue ends the last instance too: the next request then waits for one to start. */
    scaleToZero: z.boolean().default(true),
    ...cooldowns(300, 600),
    scheduledActions,
  }),
  /** Target tracking on the load of an inference component's copies. With `min: 0` its last copy goes too. */
  z.strictObject({
    kind: z.literal('copies'),
    metric: z.enum(['invocationsPerMinute', 'concurrentRequests']).default('concurrentRequests'),
    /** What one copy takes, in units of the metric. */
    perCopy: z.number().gt(0).max(1_000_000),
    min: z.int().min(0).max(100),
    max: z.int().min(1).max(100),
    ...cooldowns(60, 300),
    scheduledActions,
  }),
]);
/** What has a scalable target. */
export type Scaling = z.output<typeof Scaling>;
export type AutoscalingKind = Scaling['kind'];
export type AutoscalingOf<K extends AutoscalingKind> = Extract<Scaling, { kind: K }>;

/** What a model may say of its scaling. */
export const Autoscaling = z.discriminatedUnion('kind', [
  /**
   * No scalable target: the instances stay as many as they are. SageMaker changes the type of a variant's instances, and
   * takes a variant away, only while it has none.
   */
  z.strictObject({ kind: z.literal('none') }),
  ...Scaling.options,
]);
export type Autoscaling = z.output<typeof Autoscaling>;

/** Of a model that says nothing of its scaling. */
export const DEFAULT_INVOCATIONS_PER_INSTANCE_PER_MINUTE = 600;

/**
 * What a model's capacity follows: what it says, or by default the requests that an instance answers, or the queue.
 * @returns undefined where capacity isn't ours to scale, as in batch transform, or is told to stay
 */
export function autoscalingOf(model: {
  readonly serving: { readonly mode: ServingMode };
  readonly autoscaling?: Autoscaling | undefined;
  readonly invocationsPerInstancePerMinute?: number | undefined;
}): Scaling | undefined {
  if (model.autoscaling) return model.autoscaling.kind === 'none' ? undefined : model.autoscaling;
  if (model.serving.mode === 'asynchronous') return Scaling.parse({ kind: 'backlog' });
  if (!['realtime', 'multi-variant', 'shadow'].includes(model.serving.mode)) return undefined;
  return Scaling.parse({
    kind: 'invocations',
    perInstancePerMinute: model.invocationsPerInstancePerMinute ?? DEFAULT_INVOCATIONS_PER_INSTANCE_PER_MINUTE,
  });
}
