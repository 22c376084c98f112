import type {
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { Backlog } from '../sagemaker/async-inference/backlog-metrics';
import type { Context } from '../sagemaker/context';
import type { Call } from '../sagemaker/operation';
import { RecurringFault } from '../sagemaker/recurring-fault';
import {
  type ScalableTargetRecord,
  type ScalingPolicyRecord,
  scalableTargets,
  scalingPolicies,
  targetKey,
} from './records';

export interface BacklogScalerProps {
  readonly context: Pick<Context, 'store' | 'now' | 'log'>;
  /** Reaches an action of SageMaker. */
  readonly call: Call;
  /** Undefined for what is no asynchronous endpoint. */
  readonly backlogOf: (endpointName: string) => Backlog | undefined;
  /** How many times faster than the machine's the clock goes. @default 1 */
  readonly speed?: number;
}

/** Between two looks, in milliseconds. */
const INTERVAL = 1_000;
/** @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html */
const DEFAULT_COOLDOWN_SECONDS = 300;
const VARIANT = /^endpoint\/([^/]+)\/variant\/([^/]+)$/;

/**
 * Scales asynchronous endpoints by the policies that are recorded for them: by the backlog per instance, and from
 * nothing as soon as a request waits. It looks at the queues themselves instead of at alarms, so it acts within a
 * second where an account takes minutes; it goes down once the backlog has been small for the scale-in cooldown.
 * Policies for other endpoints are recorded only.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export class BacklogScaler {
  /** Since when a target has had more instances than it needs. */
  private readonly lowSince = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly fault: RecurringFault;

  constructor(private readonly props: BacklogScalerProps) {
    this.fault = new RecurringFault((message) => props.context.log(message));
  }

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.lookAfter(this.looking);
    }, INTERVAL).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Brings each endpoint to the instances that its backlog needs. Never rejects. */
  async look(): Promise<void> {
    try {
      await this.lookAtAll();
      this.fault.clear();
    } catch (error) {
      // A record that a full disk or a power cut has left half, most likely.
      this.fault.tell(`no endpoint can be scaled by its backlog, got ${(error as Error).message}`);
    }
  }

  private async lookAtAll(): Promise<void> {
    const { store } = this.props.context;
    const policies = scalingPolicies(store).list();
    for (const target of scalableTargets(store).list()) {
      const [, endpoint, variant] = VARIANT.exec(target.ResourceId) ?? [];
      const backlog = endpoint === undefined ? undefined : this.props.backlogOf(endpoint);
      if (!backlog || endpoint === undefined || variant === undefined) continue;
      const own = policies.filter((policy) => targetKey(policy) === targetKey(target));
      const wanted = this.wanted(target, own, backlog);
      if (wanted !== undefined && wanted !== backlog.instances) await this.scale(endpoint, variant, backlog, wanted);
    }
  }

  private async lookAfter(before: Promise<void>): Promise<void> {
    await before;
    await this.look();
  }

  private wanted(
    target: ScalableTargetRecord,
    policies: readonly ScalingPolicyRecord[],
    { size, instances }: Backlog,
  ): number | undefined {
    const { MinCapacity, MaxCapacity, SuspendedState } = target;
    const within = (count: number) => Math.min(MaxCapacity, Math.max(MinCapacity, count));
    if (instances === 0) {
      const wakes =
        policies.some((policy) => addsInstances(policy)) && SuspendedState.DynamicScalingOutSuspended !== true;
      return size > 0 && wakes ? within(1) : undefined;
    }
    const tracking = policies.map((policy) => backlogTracking(policy)).find((found) => found !== undefined);
    if (!tracking) return undefined;
    const needed = within(Math.ceil(size / Number(tracking.TargetValue)));
    const key = targetKey(target);
    if (needed >= instances) {
      this.lowSince.delete(key);
      return SuspendedState.DynamicScalingOutSuspended === true ? undefined : needed;
    }
    if (tracking.DisableScaleIn === true || SuspendedState.DynamicScalingInSuspended === true) return undefined;
    const now = this.props.context.now().getTime();
    const since = this.lowSince.get(key) ?? now;
    this.lowSince.set(key, since);
    const cooldown = ((tracking.ScaleInCooldown ?? DEFAULT_COOLDOWN_SECONDS) * 1_000) / (this.props.speed ?? 1);
    return now - since >= cooldown ? needed : undefined;
  }

  private async scale(endpoint: string, variant: string, backlog: Backlog, count: number): Promise<void> {
    const { context, call } = this.props;
    const { EndpointStatus } = await call('DescribeEndpoint', { EndpointName: endpoint }).catch(() => ({}) as never);
    // While it changes it can't be scaled: the next look comes soon.
    if (EndpointStatus !== 'InService') return;
    try {
      await call('UpdateEndpointWeightsAndCapacities', {
        EndpointName: endpoint,
        DesiredWeightsAndCapacities: [{ VariantName: variant, DesiredInstanceCount: count }],
      });
      context.log(`endpoint ${endpoint}: from ${backlog.instances} to ${count} instances for ${backlog.size} requests`);
    } catch (error) {
      context.log(`endpoint ${endpoint}: can't be scaled to ${count}, got ${(error as Error).message}`);
    }
  }
}

function addsInstances(policy: ScalingPolicyRecord): boolean {
  const { StepAdjustments = [] } = (policy.StepScalingPolicyConfiguration ?? {}) as StepScalingPolicyConfiguration;
  return StepAdjustments.some(({ ScalingAdjustment = 0 }) => ScalingAdjustment > 0);
}

function backlogTracking(policy: ScalingPolicyRecord): TargetTrackingScalingPolicyConfiguration | undefined {
  const configuration = policy.TargetTrackingScalingPolicyConfiguration as
    | TargetTrackingScalingPolicyConfiguration
    | undefined;
  const metric = configuration?.CustomizedMetricSpecification?.MetricName;
  return metric === 'ApproximateBacklogSizePerInstance' ? configuration : undefined;
}
