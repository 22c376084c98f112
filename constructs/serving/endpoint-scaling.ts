import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Scaling } from '../../config/autoscaling';
import { BacklogScaling } from './backlog-scaling';
import { ConcurrencyScaling } from './concurrency-scaling';
import { InvocationScaling } from './invocation-scaling';
import { ProvisionedConcurrencyScaling } from './provisioned-concurrency-scaling';
import type { ScaledEndpoint, ScalingProps } from './scaling-target';
import { ScheduledScaling } from './scheduled-scaling';
import { StepScaling } from './step-scaling';

export interface EndpointScalingProps extends Pick<ScalingProps, 'condition'> {
  readonly endpoint: ScaledEndpoint;
  /** What the capacity follows. Copies are an inference component's, see ComponentCopyScaling. */
  readonly autoscaling: Exclude<Scaling, { kind: 'copies' }>;
  /** The environment's, which a kind that counts something else than instances doesn't look at. */
  readonly instances: { readonly min: number; readonly max: number };
  /**
   * Whether the scheduled actions are there.
   * @default true
   */
  readonly schedules?: boolean;
}

/** Scales an endpoint by what its model's config says. @throws InvalidInputError if bounds or steps are wrong */
export function endpointScaling(scope: Construct, id: string, props: EndpointScalingProps): Construct {
  const { endpoint, condition, autoscaling, instances, schedules = true } = props;
  const common = { endpoint, condition, scheduledActions: schedules ? autoscaling.scheduledActions : {} };
  const ofInstances = { ...common, minInstances: instances.min, maxInstances: instances.max };
  if (autoscaling.kind === 'scheduled') return new ScheduledScaling(scope, id, ofInstances);
  const cooldowns = {
    scaleOutCooldown: Duration.seconds(autoscaling.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(autoscaling.scaleInCooldownSeconds),
  };
  switch (autoscaling.kind) {
    case 'invocations':
      return new InvocationScaling(scope, id, {
        ...ofInstances,
        ...cooldowns,
        invocationsPerInstancePerMinute: autoscaling.perInstancePerMinute,
      });
    case 'concurrency':
      return new ConcurrencyScaling(scope, id, {
        ...ofInstances,
        ...cooldowns,
        requestsPerModel: autoscaling.requestsPerModel,
      });
    case 'step':
      return new StepScaling(scope, id, {
        ...ofInstances,
        ...cooldowns,
        metric: autoscaling.metric,
        scaleOut: autoscaling.scaleOut,
        scaleIn: autoscaling.scaleIn,
        scaleOutAfter: Duration.minutes(autoscaling.scaleOutMinutes),
        scaleInAfter: Duration.minutes(autoscaling.scaleInMinutes),
      });
    case 'provisionedConcurrency':
      return new ProvisionedConcurrencyScaling(scope, id, {
        ...common,
        ...cooldowns,
        minConcurrency: autoscaling.min,
        maxConcurrency: autoscaling.max,
        utilizationPercent: autoscaling.utilizationPercent,
      });
    default:
      return new BacklogScaling(scope, id, {
        ...ofInstances,
        ...cooldowns,
        minInstances: autoscaling.scaleToZero ? 0 : instances.min,
        backlogPerInstance: autoscaling.perInstance,
      });
  }
}
