import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { startupSeconds } from '../../config/serving';
import { RollbackAlarms } from '../../constructs/monitoring/rollback-alarms';
import { rolloutTiming } from '../../constructs/serving/deployment-config';
import type { EndpointProps } from '../../constructs/serving/serving-endpoint';
import type { ServingInputs } from './serving-inputs';

export interface GuardedRollout {
  /** What the endpoint of every mode is told. */
  readonly endpoint: Omit<EndpointProps, 'marketplace'>;
  /** Times of instances, where a mode has any. */
  readonly times: { readonly startup: Duration; readonly terminationWait: Duration };
  readonly releaseLimit: Duration;
}

/** The rollout of a model with its alarms, which are there before the endpoint. */
export function guardedRollout({ stack, spec, registered, condition, action }: ServingInputs): GuardedRollout {
  const { rollout, serving } = spec;
  const times = { startup: Duration.seconds(startupSeconds(serving)), terminationWait: Duration.minutes(5) };
  const { waitSeconds, maximumExecutionSeconds } = rolloutTiming({ rollout, ...times });
  const { alarms }: { readonly alarms: readonly IAlarm[] } = new RollbackAlarms(stack, 'RollbackAlarms', {
    endpointName: registered.name,
    instanceType: 'instanceType' in serving ? serving.instanceType : undefined,
    guards: rollout.guards,
    whenInconclusive: 'whenInconclusive' in rollout ? rollout.whenInconclusive : undefined,
    watch: rollout.kind === 'allAtOnce' ? undefined : Duration.seconds(waitSeconds),
    action,
  });
  return {
    endpoint: { endpointName: registered.name, condition, rollout, rollbackAlarms: alarms },
    times,
    releaseLimit: Duration.seconds(maximumExecutionSeconds),
  };
}
