import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Guards } from '../../../../config/rollout';
import { RollbackAlarms, type RollbackAlarmsProps } from '../../../../constructs/monitoring/rollback-alarms';
import { guards } from '../serving/smallest-endpoint';
import { stack } from '../smallest';

const ALARM = 'AWS::CloudWatch::Alarm';

function rollbackAlarms(props: Partial<RollbackAlarmsProps> = {}, scope = stack()): RollbackAlarms {
  return new RollbackAlarms(scope, 'Alarms', {
    endpointName: 'dev-churn',
    guards,
    watch: Duration.minutes(10),
    ...props,
  });
}

function template(props: Partial<RollbackAlarmsProps> = {}): Template {
  const scope = stack();
  rollbackAlarms(props, scope);
  return Template.fromStack(scope);
}

const withGuards = (overrides: Partial<Guards>) => () => template({ guards: { ...guards, ...overrides } });

/** A metric of the endpoint, as an alarm reads it. */
const metric = (Id: string, MetricName: string, Stat: string) => ({
  Id,
  ReturnData: false,
  MetricStat: {
    Period: 60,
    Stat,
    Metric: {
      Namespace: 'AWS/SageMaker',
      MetricName,
      Dimensions: [
        { Name: 'EndpointName', Value: 'dev-churn' },
        { Name: 'VariantName', Value: 'AllTraffic' },
      ],
    },
  },
});
const requests = metric('requests', 'Invocations', 'Sum');

describe('RollbackAlarms', () => {
  test('are one for errors and one for latency', () => {
    template().resourceCountIs(ALARM, 2);
    expect(rollbackAlarms().alarms).toHaveLength(2);
  });

  test('go off at the share of errors in a minute, but not on too few requests', () => {
    withGuards({ errorRatePercent: 2.5, minimumRequests: 50 })().hasResourceProperties(ALARM, {
      Threshold: 2.5,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Metrics: [
        Match.objectLike({ Expression: 'IF(requests >= 50, 100 * FILL(errors, 0) / requests, 0)' }),
        requests,
        metric('errors', 'Invocation5XXErrors', 'Sum'),
      ],
    });
  });

  test('go off at a 99th percentile in milliseconds, of a metric in microseconds', () => {
    withGuards({ p99LatencyMs: 250 })().hasResourceProperties(ALARM, {
      Threshold: 250,
      Metrics: [
        Match.objectLike({ Expression: 'IF(requests >= 20, latency / 1000, 0)' }),
        requests,
        metric('latency', 'ModelLatency', 'p99'),
      ],
    });
  });

  test('are quiet while there is no endpoint, or nobody asks it', () => {
    template().allResourcesProperties(ALARM, { TreatMissingData: 'notBreaching' });
  });

  test('know the endpoint by its name only, so that they can be made before it', () => {
    expect(JSON.stringify(template().findResources(ALARM))).not.toMatch(/Ref|GetAtt/);
  });

  test('tell nobody unless told otherwise', () => {
    template().allResourcesProperties(ALARM, { AlarmActions: Match.absent() });
    const scope = stack();
    rollbackAlarms({ action: new SnsAction(new Topic(scope, 'Topic')) }, scope);
    Template.fromStack(scope).allResourcesProperties(ALARM, { AlarmActions: [{ Ref: Match.anyValue() }] });
  });

  test.each([0, -1, 100.1, Number.NaN])('refuse an error rate of %d percent', (errorRatePercent) => {
    expect(withGuards({ errorRatePercent })).toThrow(
      `Test/Alarms.guards.errorRatePercent: must be above 0 and at most 100, got ${errorRatePercent}; give a percentage of the requests`,
    );
  });

  test.each([0, -1, 60_001, Number.NaN])('refuse a latency of %d ms', (p99LatencyMs) => {
    expect(withGuards({ p99LatencyMs })).toThrow('Test/Alarms.guards.p99LatencyMs: must be above 0 and at most 60000');
  });

  test.each([0, -1, 1.5, Number.NaN])('refuse a minimum of %d requests', (minimumRequests) => {
    expect(withGuards({ minimumRequests })).toThrow(
      `Test/Alarms.guards.minimumRequests: must be a whole number from 1, got ${minimumRequests}`,
    );
  });

  test('take guards at their bounds', () => {
    expect(withGuards({ errorRatePercent: 100, p99LatencyMs: 60_000, minimumRequests: 1 })).not.toThrow();
    expect(withGuards({ errorRatePercent: 0.001, p99LatencyMs: 0.1 })).not.toThrow();
  });

  test('report all guards that are out of range at once', () => {
    expect(withGuards({ errorRatePercent: 0, p99LatencyMs: 0, minimumRequests: 0 })).toThrow(
      /^Test\/Alarms: 3 problems/,
    );
  });

  test('refuse a step that is over before an alarm could go off', () => {
    expect(() => template({ watch: Duration.seconds(60) })).not.toThrow();
    expect(() => template({ watch: Duration.seconds(0) })).toThrow(
      'Test/Alarms.watch: ErrorRate needs 60 seconds to go off, got a step of 0 seconds; watch each step for longer',
    );
    expect(() => template({ watch: Duration.seconds(59) })).toThrow('got a step of 59 seconds');
  });
});
