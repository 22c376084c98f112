import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Serving, ServingOf } from '../../config/serving';
import { startupSeconds } from '../../config/startup-seconds';
import { PredictionComparison } from '../../constructs/monitoring/prediction-comparison';
import { RollbackAlarms } from '../../constructs/monitoring/rollback-alarms';
import { rolloutTiming } from '../../constructs/serving/deployment-config';
import type { EndpointProps } from '../../constructs/serving/serving-endpoint';
import { GUARDS_OUTPUT, pascalCase } from '../../core/names';
import type { WatchedGuards } from '../../core/release/guards/watched-guards';
import type { ServingInputs } from './serving-inputs';

export interface GuardedRollout {
  /** What the endpoint of every mode is told. */
  readonly endpoint: Omit<EndpointProps, 'marketplace'>;
  /** Times of instances, where a mode has any. */
  readonly times: { readonly startup: Duration; readonly terminationWait: Duration };
  readonly releaseLimit: Duration;
}

/** The rollout of a model with its alarms, which are there before the endpoint. */
export function guardedRollout(inputs: ServingInputs): GuardedRollout {
  const { stack, spec, registered, condition, action } = inputs;
  const { rollout, serving } = spec;
  const times = { startup: Duration.seconds(startupSeconds(serving)), terminationWait: Duration.minutes(5) };
  const { waitSeconds, totalWaitSeconds, maximumExecutionSeconds } = rolloutTiming({ rollout, ...times });
  const common = {
    endpointName: registered.name,
    instanceType: 'instanceType' in serving ? serving.instanceType : undefined,
    guards: rollout.guards,
    watch: rollout.kind === 'allAtOnce' ? undefined : Duration.seconds(waitSeconds),
    action,
    asynchronous: serving.mode === 'asynchronous',
    inferenceComponentName: serving.mode === 'inference-component' ? registered.name : undefined,
  };
  const whenInconclusive = 'whenInconclusive' in rollout ? rollout.whenInconclusive : undefined;
  const live = new RollbackAlarms(stack, 'RollbackAlarms', { ...common, whenInconclusive });
  const watched: WatchedGuards = {
    whenInconclusive: whenInconclusive ?? null,
    watchSeconds: totalWaitSeconds,
    guards: live.watched,
  };
  new CfnOutput(stack, GUARDS_OUTPUT, { value: stack.toJsonString(watched) });
  // A small share of the traffic is inconclusive more often than not, so only the live variant is asked for that; and
  // only its release is compared with the one before.
  const others = challengersOf(serving).map(
    ({ name, instanceType = common.instanceType }) =>
      new RollbackAlarms(stack, `RollbackAlarms${pascalCase(name)}`, {
        ...common,
        guards: { ...common.guards, predictionShift: null },
        variantName: name,
        instanceType,
      }),
  );
  const alarms: readonly IAlarm[] = [live, ...others].flatMap((made) => made.alarms);
  if (rollout.guards.predictionShift) {
    new PredictionComparison(stack, 'PredictionComparison', {
      endpointName: registered.name,
      modelName: inputs.modelName,
      lake: inputs.lake,
      logKey: inputs.keys.operations,
      alarmAction: action,
    });
  }
  return {
    endpoint: { endpointName: registered.name, condition, rollout, rollbackAlarms: alarms },
    times,
    releaseLimit: Duration.seconds(maximumExecutionSeconds),
  };
}

function challengersOf(serving: Serving): ServingOf<'multi-variant'>['challengers'] {
  return serving.mode === 'multi-variant' ? serving.challengers : [];
}
