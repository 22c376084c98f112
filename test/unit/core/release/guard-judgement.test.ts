import type { GuardAlarm } from '../../../../core/release/aws/api';
import type { Decision } from '../../../../core/release/decision';
import type { SealedRecord } from '../../../../core/release/evidence';
import type { WatchedGuards } from '../../../../core/release/guards/watched-guards';
import { promote } from '../../../../core/release/promote';
import { settle } from '../../../../core/release/settle';
import { FakeAws, type Fate, packageArn, ServiceException } from './fake-aws';

const errorRate: GuardAlarm = {
  AlarmName: 'stack-ErrorRate-1',
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 1,
  EvaluationPeriods: 1,
  Metrics: [
    { Id: 'expr', Expression: 'IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)', ReturnData: true },
    {
      Id: 'requests',
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'AWS/SageMaker', MetricName: 'Invocations' }, Period: 60, Stat: 'Sum' },
    },
  ],
};
const memory: GuardAlarm = {
  AlarmName: 'stack-Memory-1',
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 80,
  EvaluationPeriods: 3,
  Namespace: '/aws/sagemaker/Endpoints',
  MetricName: 'MemoryUtilization',
  Statistic: 'Maximum',
  Period: 60,
};
const WATCHED: WatchedGuards = {
  whenInconclusive: 'proceed',
  watchSeconds: 300,
  guards: [
    { guard: 'ErrorRate', alarmName: 'stack-ErrorRate-1', samples: { query: 'requests', minimum: 20 } },
    { guard: 'Memory', alarmName: 'stack-Memory-1' },
  ],
};
const MINUTES = 60_000;

function decision(version: number, second: number): Decision {
  const decidedAt = `2026-03-01T12:00:${String(second).padStart(2, '0')}Z`;
  return { modelPackage: packageArn(version), version, kind: 'approval', decidedAt, by: 'ada', reason: 'better' };
}

interface Shown {
  readonly rate?: readonly (number | null)[];
  readonly requests?: readonly (number | null)[];
  readonly memory?: readonly (number | null)[];
  readonly watched?: Partial<WatchedGuards>;
  readonly fate?: Fate;
  readonly speed?: number;
  readonly prepare?: (aws: FakeAws) => void;
}

/** Version 2 takes over from version 1 within twenty minutes. */
async function released(shown: Shown = {}): Promise<{ aws: FakeAws; record: SealedRecord }> {
  const aws = new FakeAws();
  aws.approve(1, 2);
  aws.guards = { ...WATCHED, ...shown.watched };
  aws.guardAlarms = [errorRate, memory];
  aws.metricData.set('expr', shown.rate ?? [0, 0, 0.5, 0, 0]);
  aws.metricData.set('requests', shown.requests ?? [100, 100, 100, 100, 100]);
  aws.metricData.set('value', shown.memory ?? [50, 50, 60, 50, 50]);
  const ports = aws.ports({}, shown.speed);
  await promote(decision(1, 1), ports);
  aws.endUpdate();
  await settle(ports);
  aws.notes.length = 0;
  aws.fate = shown.fate ?? 'succeeds';
  await promote(decision(2, 2), ports);
  aws.time += 20 * MINUTES;
  shown.prepare?.(aws);
  aws.endUpdate();
  await settle(ports);
  return { aws, record: aws.evidence['releases/dev/churn/20260301T120002Z-2.json'] as SealedRecord };
}

describe('after a rollout each guard is judged over its window', () => {
  test('and the verdicts are in the evidence, with value, bound, samples and window', async () => {
    const { record, aws } = await released();
    expect(record.judgement).toEqual({
      verdict: 'healthy',
      whenInconclusive: 'proceed',
      // As long as the guards watch, up to the end.
      from: '2026-03-01T12:15:00.000Z',
      to: '2026-03-01T12:20:00.000Z',
      guards: [
        {
          guard: 'ErrorRate',
          alarm: 'stack-ErrorRate-1',
          verdict: 'healthy',
          comparison: 'GreaterThanThreshold',
          threshold: 1,
          worst: 0.5,
          periodSeconds: 60,
          periods: 5,
          judged: 5,
          samples: 100,
          minimumSamples: 20,
        },
        expect.objectContaining({ guard: 'Memory', verdict: 'healthy', worst: 60, samples: null, minimumSamples: 0 }),
      ],
    });
    expect(aws.notes[0]?.subject).toBe('churn 2 released in dev');
    expect(aws.notes[0]?.message).toContain('guards:    healthy: ErrorRate healthy, 0.5 at worst against 1, 5 of 5');
  });

  test('a first release shifts no traffic, and is not judged', async () => {
    const { aws } = await released();
    expect(aws.evidence['releases/dev/churn/20260301T120001Z-1.json']).not.toHaveProperty('judgement');
  });

  test('a guard that was beyond its bound has tripped, and whoever reads of the release is told', async () => {
    const { record, aws } = await released({ rate: [0, 0, 1.1, 0, 0] });
    expect(record).toMatchObject({ outcome: 'released', judgement: { verdict: 'tripped' } });
    expect(aws.notes[0]?.subject).toBe('churn 2 released in dev, although a guard tripped');
  });

  test('a guard whose alarm went off has tripped, whatever the periods show', async () => {
    const { record } = await released({
      fate: 'rolls-back',
      prepare: (aws) => aws.alarms.set('stack-ErrorRate-1', [{ at: '2026-03-01T12:16:30Z', reason: 'crossed' }]),
    });
    expect(record.judgement).toMatchObject({
      verdict: 'tripped',
      guards: [{ guard: 'ErrorRate', verdict: 'tripped', worst: 0.5 }, { verdict: 'healthy' }],
    });
  });

  test('too little traffic is inconclusive: with proceed the release serves, and people are told why', async () => {
    const { record, aws } = await released({ requests: [3, 19, 0, null, 5] });
    expect(record).toMatchObject({
      outcome: 'released',
      judgement: {
        verdict: 'inconclusive',
        guards: [{ verdict: 'inconclusive', judged: 0, samples: 19, minimumSamples: 20, worst: null }, {}],
      },
    });
    expect(aws.notes[0]?.subject).toBe('churn 2 released in dev, and could not be judged');
    expect(aws.notes[0]?.message).toContain('whenInconclusive is proceed, so it serves');
    expect(aws.notes[0]?.message).toContain('0 of 5 periods judged, at most 19 of 20 samples');
  });

  test('with rollBack the alarm has sent it back, and the evidence says which guard was blind', async () => {
    const { record } = await released({
      watched: { whenInconclusive: 'rollBack' },
      fate: 'rolls-back',
      memory: [],
    });
    expect(record).toMatchObject({
      outcome: 'rolled-back',
      judgement: {
        whenInconclusive: 'rollBack',
        verdict: 'inconclusive',
        guards: [{ verdict: 'healthy' }, { verdict: 'inconclusive', judged: 0 }],
      },
    });
  });

  test('without any guard nothing was looked at', async () => {
    const { record } = await released({ watched: { guards: [] } });
    expect(record.judgement).toMatchObject({ verdict: 'inconclusive', guards: [] });
  });

  test('a rollout that moves all traffic at once watches nothing, and is not judged', async () => {
    const { record, aws } = await released({ watched: { whenInconclusive: null } });
    expect(record).not.toHaveProperty('judgement');
    expect(record).not.toHaveProperty('notJudged');
    expect(aws.notes[0]?.subject).toBe('churn 2 released in dev');
  });

  test.each([
    ['on a clock that is sped up, periods and window are as many times shorter', 60, 1, '2026-03-01T12:19:55.000Z', 5],
    ['as it is configured', 1, 60, '2026-03-01T12:15:00.000Z', 5],
    ['no period is shorter than CloudWatch knows them', 120, 1, '2026-03-01T12:19:57.500Z', 3],
  ])('%s', async (_, speed, periodSeconds, from, periods) => {
    const { record, aws } = await released({ speed });
    expect(record.judgement).toMatchObject({ from, guards: [{ periodSeconds, periods }, {}] });
    expect(aws.metricRequests[0]?.MetricDataQueries[1]?.MetricStat?.Period).toBe(periodSeconds);
  });

  test('the window ends when the endpoint came to rest, however late somebody looks', async () => {
    const { record } = await released({
      prepare: (aws) => {
        aws.lastModified = new Date('2026-03-01T12:12:00Z');
      },
    });
    expect(record.judgement).toMatchObject({ from: '2026-03-01T12:07:00.000Z', to: '2026-03-01T12:12:00.000Z' });
  });

  test.each(['describeAlarms', 'describeAlarmHistory', 'getMetricData'])(
    'a release is settled even if %s fails, and its evidence says why nothing was judged',
    async (call) => {
      const { record, aws: account } = await released({
        prepare: (aws) => {
          aws.before = async (name) => {
            if (name === call) throw new ServiceException('AccessDenied', 'you may not look');
          };
        },
      });
      expect(record.outcome).toBe('released');
      expect(record).not.toHaveProperty('judgement');
      expect(record.notJudged).toContain('you may not look');
      expect(account.notes[0]?.message).toContain('guards:    not judged: you may not look');
    },
  );

  test.each(['Forbidden', 'InternalError', 'PartialData'])(
    'a metric that CloudWatch gives as %s is not taken for one without data',
    async (StatusCode) => {
      const { record } = await released({
        prepare: (aws) => void aws.metricStatus.set('expr', { StatusCode, Messages: [{ Value: 'not yours' }] }),
      });
      expect(record).toMatchObject({
        outcome: 'released',
        notJudged: `CloudWatch gave the metric expr as ${StatusCode}: not yours`,
      });
      expect(record).not.toHaveProperty('judgement');
    },
  );

  test('an alarm that is gone leaves its guard inconclusive', async () => {
    const { record } = await released({ prepare: (aws) => void aws.guardAlarms.pop() });
    expect(record.judgement?.guards[1]).toMatchObject({ guard: 'Memory', verdict: 'inconclusive', periods: 0 });
  });
});
