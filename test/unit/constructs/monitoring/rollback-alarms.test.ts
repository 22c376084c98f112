import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Guards } from '../../../../config/guards';
import { RollbackAlarms, type RollbackAlarmsProps } from '../../../../constructs/monitoring/rollback-alarms';
import { guards } from '../serving/smallest-endpoint';
import { stack } from '../smallest';
import { custom } from './custom-guard';

const ALARM = 'AWS::CloudWatch::Alarm';

function rollbackAlarms(props: Partial<RollbackAlarmsProps> = {}, scope = stack()): RollbackAlarms {
  return new RollbackAlarms(scope, 'Alarms', {
    endpointName: 'dev-churn',
    instanceType: 'ml.m5.large',
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
const shift = { maximumShift: 0.3, minimumSamples: 100 };

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

  test('report all guards that are out of range at once', () => {
    expect(withGuards({ errorRatePercent: -1, p99LatencyMs: 0, minimumRequests: 0 })).toThrow(
      /^Test\/Alarms: 3 problems/,
    );
  });

  test('refuse a step that is over before an alarm could go off', () => {
    expect(() => template({ watch: Duration.seconds(60) })).not.toThrow();
    expect(() => template({ watch: Duration.seconds(0) })).toThrow(
      'Test/Alarms.guards.errorRatePercent: ErrorRate needs 60 seconds to go off, got a step of 0 seconds; watch each step for longer, or set the guard to null',
    );
    expect(() => template({ watch: Duration.seconds(59) })).toThrow('got a step of 59 seconds');
  });

  test.each([
    ['the processor, which is judged over three minutes', { cpuPercent: 80 }, 180],
    ['captured predictions, which come late', { predictionShift: shift }, 300],
    ['a custom metric over its own number of minutes', { custom: [custom({ minutes: 7 })] }, 420],
  ])('need steps long enough for %s', (_, overrides, seconds) => {
    const of = (watch: number) => () =>
      template({ guards: { ...guards, ...overrides }, watch: Duration.seconds(watch) });
    expect(of(seconds)).not.toThrow();
    expect(of(seconds - 1)).toThrow(`needs ${seconds} seconds to go off, got a step of ${seconds - 1} seconds`);
  });

  test('are none, whatever the step, when every guard is off', () => {
    const off = { errorRatePercent: null, p99LatencyMs: null };
    for (const whenInconclusive of ['proceed', 'rollBack'] as const) {
      expect(
        rollbackAlarms({ guards: { ...guards, ...off }, watch: Duration.seconds(0), whenInconclusive }).alarms,
      ).toEqual([]);
    }
  });

  test('are not bound to a step where nothing goes back', () => {
    template({ watch: undefined, whenInconclusive: 'rollBack' }).resourceCountIs(ALARM, 2);
  });

  test('watch another variant if they are told its name', () => {
    expect(JSON.stringify(template({ variantName: 'live' }).toJSON())).not.toContain('AllTraffic');
  });

  describe('of a deployment are at most ten', () => {
    const all: Partial<Guards> = {
      clientErrorRatePercent: 5,
      p50LatencyMs: 100,
      p50OverheadLatencyMs: 50,
      p99OverheadLatencyMs: 100,
      cpuPercent: 80,
      memoryPercent: 80,
      diskPercent: 70,
      predictionShift: shift,
    };

    test('and ten will do', () => {
      withGuards(all)().resourceCountIs(ALARM, 10);
    });

    test('and the eleventh is refused with all their names, be it a custom one or that of an inconclusive step', () => {
      expect(withGuards({ ...all, custom: [custom()] })).toThrow(
        /^Test\/Alarms\.guards: a deployment watches at most 10 alarms, got 11 \(ErrorRate, ClientErrorRate, .*CustomBasket\); set some/,
      );
      expect(() => template({ guards: { ...guards, ...all }, whenInconclusive: 'rollBack' })).toThrow(
        'got 11 (ErrorRate',
      );
    });
  });

  describe('when an inconclusive step goes back', () => {
    const rollBack = (overrides: Partial<Guards> = {}, minutes = 10) =>
      template({
        guards: { ...guards, ...overrides },
        whenInconclusive: 'rollBack',
        watch: Duration.minutes(minutes),
      });

    test('have one more, that is in alarm once a whole step was too quiet', () => {
      const made = rollBack({}, 7);
      made.resourceCountIs(ALARM, 3);
      made.hasResourceProperties(ALARM, {
        EvaluationPeriods: 7,
        DatapointsToAlarm: 7,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'breaching',
        Metrics: [Match.objectLike({ Expression: 'IF(FILL(requests, 0) >= 20, 0, 1)' }), requests],
      });
    });

    test('leave the guards as they are: too little data sets off none of them', () => {
      const [alone, beside] = [template(), rollBack()].map((made) =>
        Object.values(made.findResources(ALARM)).map(({ Properties }) => Properties as Record<string, unknown>),
      );
      expect(beside?.filter(({ TreatMissingData }) => TreatMissingData === 'notBreaching')).toEqual(alone);
    });

    test('page nobody for it: it is in alarm on every quiet night', () => {
      const scope = stack();
      rollbackAlarms({ action: new SnsAction(new Topic(scope, 'Topic')), whenInconclusive: 'rollBack' }, scope);
      Template.fromStack(scope).hasResourceProperties(ALARM, {
        TreatMissingData: 'breaching',
        AlarmActions: Match.absent(),
      });
    });

    test('ask each kind of guard what it would need', () => {
      rollBack({ memoryPercent: 80, predictionShift: shift, custom: [custom()] }).hasResourceProperties(ALARM, {
        TreatMissingData: 'breaching',
        Metrics: Match.arrayWith([
          Match.objectLike({
            Expression:
              'IF(FILL(requests, 0) >= 20, 0, 1) + FILL(memoryPercent * 0, 1) + IF(FILL(samples, 0) >= 100, 0, 1) + FILL(custom0 * 0, 1)',
          }),
        ]),
      });
    });
  });

  test('say what each needs to judge by, in words of its own alarm', () => {
    const scope = stack();
    const made = rollbackAlarms(
      { guards: { ...guards, memoryPercent: 80, predictionShift: shift, custom: [custom()] } },
      scope,
    );
    const alarms = Template.fromStack(scope).findResources(ALARM);
    const watched = scope.resolve(made.watched) as {
      guard: string;
      alarmName: { Ref: string };
      samples?: { query: string };
    }[];
    expect(watched.map(({ guard, samples }) => [guard, samples])).toEqual([
      ['ErrorRate', { query: 'requests', minimum: 20 }],
      ['Latency', { query: 'requests', minimum: 20 }],
      ['Memory', undefined],
      ['PredictionShift', { query: 'samples', minimum: 100 }],
      ['CustomBasket', undefined],
    ]);
    const judgedByCount = watched.filter(({ samples }) => samples);
    for (const { alarmName, samples } of judgedByCount) {
      const { Properties } = alarms[alarmName.Ref] as { Properties: { Metrics: object[] } };
      expect(Properties.Metrics).toContainEqual(expect.objectContaining({ Id: samples?.query }));
    }
  });
});
