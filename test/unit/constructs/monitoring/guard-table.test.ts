import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { Guards } from '../../../../config/guards';
import { RollbackAlarms } from '../../../../constructs/monitoring/rollback-alarms';
import { guards as defaults } from '../serving/smallest-endpoint';
import { stack } from '../smallest';
import { custom } from './custom-guard';

const ALARM = 'AWS::CloudWatch::Alarm';
const off: Guards = { ...defaults, errorRatePercent: null, p99LatencyMs: null };
const shift = { maximumShift: 0.4, minimumSamples: 250 };

function alarms(guards: Partial<Guards>, instanceType = 'ml.m5.large', scope = stack()): RollbackAlarms {
  const watch = Duration.minutes(60);
  return new RollbackAlarms(scope, 'Alarms', {
    endpointName: 'dev-churn',
    instanceType,
    guards: { ...off, ...guards },
    watch,
  });
}

function template(guards: Partial<Guards>, instanceType?: string): Template {
  const scope = stack();
  alarms(guards, instanceType, scope);
  return Template.fromStack(scope);
}

function alarm(guards: Partial<Guards>, instanceType?: string): Record<string, unknown> {
  const alarms = Object.values(template(guards, instanceType).findResources(ALARM));
  expect(alarms).toHaveLength(1);
  return (alarms[0] as { Properties: Record<string, unknown> }).Properties;
}

const dimensions = [
  { Name: 'EndpointName', Value: 'dev-churn' },
  { Name: 'VariantName', Value: 'AllTraffic' },
];
const stat = (Id: string, Namespace: string, MetricName: string, Stat: string) =>
  expect.objectContaining({
    Id,
    MetricStat: { Period: 60, Stat, Metric: { Namespace, MetricName, Dimensions: dimensions } },
  }) as object;
const expression = (Expression: string) => expect.objectContaining({ Expression }) as object;
const requests = stat('requests', 'AWS/SageMaker', 'Invocations', 'Sum');

describe('a guard', () => {
  test.each<[keyof Guards, Partial<Guards>, number, readonly object[]]>([
    [
      'clientErrorRatePercent',
      { clientErrorRatePercent: 5 },
      5,
      [
        expression('IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)'),
        requests,
        stat('errors', 'AWS/SageMaker', 'Invocation4XXErrors', 'Sum'),
      ],
    ],
    [
      'p50LatencyMs',
      { p50LatencyMs: 40 },
      40,
      [
        expression('IF(requests >= 20, latency / 1000, 0)'),
        requests,
        stat('latency', 'AWS/SageMaker', 'ModelLatency', 'p50'),
      ],
    ],
    [
      'p50OverheadLatencyMs',
      { p50OverheadLatencyMs: 30, minimumRequests: 7 },
      30,
      [
        expression('IF(requests >= 7, latency / 1000, 0)'),
        requests,
        stat('latency', 'AWS/SageMaker', 'OverheadLatency', 'p50'),
      ],
    ],
    [
      'p99OverheadLatencyMs',
      { p99OverheadLatencyMs: 90 },
      90,
      [
        expression('IF(requests >= 20, latency / 1000, 0)'),
        requests,
        stat('latency', 'AWS/SageMaker', 'OverheadLatency', 'p99'),
      ],
    ],
    [
      'predictionShift',
      { predictionShift: shift },
      0.4,
      [
        expression('IF(samples >= 250, shift, 0)'),
        stat('samples', 'mlops/endpoint', 'PredictionShiftSamples', 'Maximum'),
        stat('shift', 'mlops/endpoint', 'PredictionShift', 'Maximum'),
      ],
    ],
  ])('%s goes off above its bound, and not without data', (_, guards, Threshold, Metrics) => {
    expect(alarm(guards)).toMatchObject({
      Threshold,
      Metrics,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  test.each([
    ['memoryPercent', 'MemoryUtilization'],
    ['diskPercent', 'DiskUtilization'],
  ] as const)('%s goes off when the fullest instance has been above it for three minutes', (setting, MetricName) => {
    expect(alarm({ [setting]: 80 })).toMatchObject({
      Threshold: 80,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Namespace: '/aws/sagemaker/Endpoints',
      MetricName,
      Statistic: 'Maximum',
      Dimensions: dimensions,
    });
  });

  test('cpuPercent is of all cores, where the metric is of one', () => {
    expect(alarm({ cpuPercent: 80 }, 'ml.c5.4xlarge')).toMatchObject({
      Threshold: 80,
      EvaluationPeriods: 3,
      Metrics: [expression('cpu / 16'), stat('cpu', '/aws/sagemaker/Endpoints', 'CPUUtilization', 'Maximum')],
    });
  });

  test('of a metric of your own is as it is written, with the names of the endpoint filled in', () => {
    const dimensions = { Endpoint: '{endpointName}/{variantName}', Shop: 'uk' };
    expect(alarm({ custom: [custom({ dimensions, minutes: 4, statistic: 'p99.9', threshold: -1 })] })).toMatchObject({
      Namespace: 'Shop',
      MetricName: 'BasketValue',
      ExtendedStatistic: 'p99.9',
      Threshold: -1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 4,
      Dimensions: [
        { Name: 'Endpoint', Value: 'dev-churn/AllTraffic' },
        { Name: 'Shop', Value: 'uk' },
      ],
    });
  });

  test('at 0 percent is on, and one bad request is above it', () => {
    expect(alarm({ errorRatePercent: 0 })).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
    expect(alarm({ clientErrorRatePercent: 0 })).toMatchObject({ Threshold: 0 });
    expect(alarm({ custom: [custom({ threshold: 0 })] })).toMatchObject({ Threshold: 0 });
  });

  test('says what happened in the words of its alarm', () => {
    expect(alarm({ memoryPercent: 80 })).toMatchObject({
      AlarmDescription: 'dev-churn: an instance used more than 80 % of its memory for 3 minutes',
    });
  });

  test('keeps to the metric math of both worlds: no SEARCH, at most ten metrics', () => {
    const every = { clientErrorRatePercent: 5, p50LatencyMs: 9, cpuPercent: 80, predictionShift: shift };
    for (const { Properties } of Object.values(template(every).findResources(ALARM))) {
      const { Metrics } = Properties as { Metrics: { Expression?: string }[] };
      expect(Metrics.length).toBeLessThanOrEqual(10);
      expect(JSON.stringify(Metrics)).not.toMatch(/SEARCH|METRICS\(/);
    }
    template(every).hasResourceProperties(ALARM, { Metrics: Match.anyValue() });
  });
});

test.each([{}, { cpuPercent: null, predictionShift: null, p50LatencyMs: undefined }])(
  'there is no guard unless it is asked for: %j',
  (guards) => {
    expect(alarms(guards).alarms).toEqual([]);
  },
);

describe('a guard out of its bounds is refused', () => {
  const from0 = [-1, 100, 100.1, Number.NaN];
  const above0 = [0, -1, 60_001, Number.NaN];
  const percent = [0, -1, 100, Number.NaN];
  test.each<[keyof Guards, readonly number[], readonly number[]]>([
    ['errorRatePercent', from0, [0, 0.001, 99.9]],
    ['clientErrorRatePercent', from0, [0, 0.001, 99.9]],
    ['p50LatencyMs', above0, [0.1, 60_000]],
    ['p99LatencyMs', above0, [0.1, 60_000]],
    ['p50OverheadLatencyMs', above0, [0.1, 60_000]],
    ['p99OverheadLatencyMs', above0, [0.1, 60_000]],
    ['cpuPercent', percent, [0.1, 99.9]],
    ['memoryPercent', percent, [0.1, 99.9]],
    ['diskPercent', percent, [0.1, 99.9]],
    ['minimumRequests', [0, -1, 1.5, Number.NaN], [1, 1_000_000]],
  ])('by its setting %s', (setting, beyond, within) => {
    for (const value of beyond) {
      expect(() => alarms({ [setting]: value })).toThrow(`Test/Alarms.guards.${setting}: must be `);
      expect(() => alarms({ [setting]: value })).toThrow(`, got ${value}; `);
    }
    for (const value of within) expect(() => alarms({ [setting]: value })).not.toThrow();
  });

  test.each([0, -1, 1, Number.NaN])('for a maximum shift of %d', (maximumShift) => {
    expect(() => alarms({ predictionShift: { ...shift, maximumShift } })).toThrow(
      `guards.predictionShift.maximumShift: must be above 0 and at most 0.99, got ${maximumShift}`,
    );
  });

  test.each([0, -1, 1.5, Number.NaN])('for %d samples', (minimumSamples) => {
    expect(() => alarms({ predictionShift: { ...shift, minimumSamples } })).toThrow(
      'guards.predictionShift.minimumSamples: must be a whole number from 1',
    );
  });

  test('for a custom threshold that is no number, or no whole minutes', () => {
    for (const threshold of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => alarms({ custom: [custom({ threshold })] })).toThrow('guards.custom.0.threshold: must be a number');
    for (const minutes of [0, -1, 1.5, Number.NaN])
      expect(() => alarms({ custom: [custom({ minutes })] })).toThrow(
        'guards.custom.0.minutes: must be a whole number',
      );
  });

  test('for a share of the processor on an instance whose cores are not known', () => {
    expect(() => alarms({ cpuPercent: 80 }, 'ml.m5.metal')).toThrow(
      "guards.cpuPercent: needs the number of cores, which the name doesn't tell, got ml.m5.metal; watch CPUUtilization as a custom guard, in percent of one core",
    );
  });
});
