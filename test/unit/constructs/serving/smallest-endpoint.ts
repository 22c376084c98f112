import { CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { Alarm, type IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Guards } from '../../../../config/guards';
import type { Rollout } from '../../../../config/rollout';
import { RealTimeEndpoint, type RealTimeEndpointProps } from '../../../../constructs/serving/real-time-endpoint';

export const guards: Guards = { errorRatePercent: 1, p99LatencyMs: 1000, custom: [], minimumRequests: 20 };
const common = { guards, whenInconclusive: 'proceed' } as const;

type Of<K extends Rollout['kind']> = Partial<Omit<Extract<Rollout, { kind: K }>, 'kind'>>;

export function canary(overrides: Of<'canary'> = {}): Rollout {
  return { kind: 'canary', percent: 10, bakeMinutes: 10, ...common, ...overrides };
}

export function linear(overrides: Of<'linear'> = {}): Rollout {
  return { kind: 'linear', stepPercent: 20, stepMinutes: 5, ...common, ...overrides };
}

export function blueGreen(overrides: Of<'blueGreen'> = {}): Rollout {
  return { kind: 'blueGreen', bakeMinutes: 10, ...common, ...overrides };
}

/** `HasModel`, as the serving stack has it. */
export function hasModel(scope: Stack): CfnCondition {
  const { valueAsString } = new CfnParameter(scope, 'Released');
  return new CfnCondition(scope, 'HasModel', {
    expression: Fn.conditionNot(Fn.conditionEquals(valueAsString, 'none')),
  });
}

export function alarms(scope: Stack, count: number): IAlarm[] {
  return Array.from({ length: count }, (_, index) => {
    const metric = new Metric({ namespace: 'AWS/SageMaker', metricName: 'Invocation5XXErrors' });
    return new Alarm(scope, `Alarm${index}`, { metric, threshold: 1, evaluationPeriods: 1 });
  });
}

export function endpoint(scope: Stack, props: Partial<RealTimeEndpointProps> = {}): RealTimeEndpoint {
  return new RealTimeEndpoint(scope, 'Endpoint', {
    endpointName: 'dev-churn',
    model: new CfnModel(scope, 'Model'),
    condition: hasModel(scope),
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    rollout: canary(),
    rollbackAlarms: props.rollbackAlarms ?? alarms(scope, 1),
    key: new Key(scope, 'Key'),
    captureUri: 's3://capture/churn',
    ...props,
  });
}
