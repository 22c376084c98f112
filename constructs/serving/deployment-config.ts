import type { Duration } from 'aws-cdk-lib';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Rollout } from '../../config/rollout';

/** SageMaker ends a deployment that takes longer than this. */
export const MAXIMUM_EXECUTION_SECONDS: readonly [number, number] = [600, 28_800];

/** Getting instances and pulling the image and the artefact, before a container is asked for its health. */
const PROVISIONING_SECONDS = 1200;

export interface RolloutTimingProps {
  readonly rollout: Rollout;
  /** How long the old fleet stays after all traffic has moved: an alarm in this time still goes back to it at once. */
  readonly terminationWait: Duration;
  /** How long a container of the new fleet may take to become healthy. */
  readonly startup: Duration;
}

export interface RolloutTiming {
  /** Pause after each shift of traffic, in seconds. */
  readonly waitSeconds: number;
  /** How many such pauses there are at most. */
  readonly waits: number;
  /** All pauses and the termination wait together, in seconds. */
  readonly totalWaitSeconds: number;
  /** What MaximumExecutionTimeoutInSeconds has to be: at least 600, and room for the fleet to start besides the waits. */
  readonly maximumExecutionSeconds: number;
}

/** How long a rollout takes, worked out from its steps. */
export function rolloutTiming({ rollout, terminationWait, startup }: RolloutTimingProps): RolloutTiming {
  const { waits, waitSeconds } = pauses(rollout);
  const totalWaitSeconds = waits * waitSeconds + terminationWait.toSeconds();
  return {
    waitSeconds,
    waits,
    totalWaitSeconds,
    maximumExecutionSeconds: Math.max(
      MAXIMUM_EXECUTION_SECONDS[0],
      totalWaitSeconds + PROVISIONING_SECONDS + startup.toSeconds(),
    ),
  };
}

function pauses(rollout: Rollout): { waits: number; waitSeconds: number } {
  if (rollout.kind === 'linear') {
    return { waits: Math.ceil(100 / rollout.stepPercent), waitSeconds: rollout.stepMinutes * 60 };
  }
  if (rollout.kind === 'allAtOnce') return { waits: 0, waitSeconds: 0 };
  return { waits: rollout.kind === 'canary' ? 2 : 1, waitSeconds: rollout.bakeMinutes * 60 };
}

export interface DeploymentConfigProps extends RolloutTimingProps {
  /** Any of these in ALARM while traffic shifts sends all of it back. None: nothing is watched, and nothing goes back. */
  readonly rollbackAlarmNames: readonly string[];
}

/**
 * A rollout policy as SageMaker's DeploymentConfig; none for `allAtOnce`, which asks for no guardrails. It acts on
 * updates only: the first release of an endpoint takes all traffic at once, as there is nothing to go back to.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
 */
export function deploymentConfig(props: DeploymentConfigProps): CfnEndpoint.DeploymentConfigProperty | undefined {
  const { rollout } = props;
  if (rollout.kind === 'allAtOnce') return undefined;
  const { waitSeconds, maximumExecutionSeconds } = rolloutTiming(props);
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { ...trafficRouting(rollout), waitIntervalInSeconds: waitSeconds },
      terminationWaitInSeconds: props.terminationWait.toSeconds(),
      maximumExecutionTimeoutInSeconds: maximumExecutionSeconds,
    },
    // SageMaker takes no empty list.
    autoRollbackConfiguration:
      props.rollbackAlarmNames.length > 0
        ? { alarms: props.rollbackAlarmNames.map((alarmName) => ({ alarmName })) }
        : undefined,
  };
}

function trafficRouting(rollout: Exclude<Rollout, { kind: 'allAtOnce' }>): CfnEndpoint.TrafficRoutingConfigProperty {
  if (rollout.kind === 'blueGreen') return { type: 'ALL_AT_ONCE' };
  return rollout.kind === 'canary'
    ? { type: 'CANARY', canarySize: { type: 'CAPACITY_PERCENT', value: rollout.percent } }
    : { type: 'LINEAR', linearStepSize: { type: 'CAPACITY_PERCENT', value: rollout.stepPercent } };
}
