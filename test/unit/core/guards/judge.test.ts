import * as fc from 'fast-check';
import { type GuardPoint, type GuardRecord, judgeGuard, judgeRelease } from '../../../../core/guards/judge';

const record = (overrides: Partial<GuardRecord> = {}): GuardRecord => ({
  guard: 'ErrorRate',
  comparison: 'GreaterThanThreshold',
  threshold: 1,
  periods: 1,
  minimumSamples: 20,
  points: [{ value: 0, samples: 100 }],
  ...overrides,
});
const points = (...values: (number | null)[]) => values.map((value) => ({ value, samples: 100 }));
const verdict = (overrides: Partial<GuardRecord>) => judgeGuard(record(overrides)).verdict;

describe('a guard is judged', () => {
  test('healthy when it could go off and did not', () => {
    expect(judgeGuard(record({ points: points(0, 1, 0.5) }))).toEqual({
      guard: 'ErrorRate',
      verdict: 'healthy',
      judged: 3,
      periods: 3,
      worst: 1,
      samples: 100,
    });
  });

  test('tripped by a single period beyond the threshold', () => {
    expect(verdict({ points: points(0, 1.01, 0) })).toBe('tripped');
    expect(verdict({ points: points(0, 1, 0) })).toBe('healthy');
  });

  test.each([
    ['there is no period', []],
    ['nothing was measured', points(null, null)],
    ['there were too few requests', [{ value: 50, samples: 19 }]],
    ['nobody knows how many requests there were', [{ value: 50, samples: null }]],
    ['the value is no number', points(Number.NaN)],
  ])('inconclusive, and never healthy, when %s', (_, given) => {
    expect(judgeGuard(record({ points: given }))).toMatchObject({ verdict: 'inconclusive', judged: 0, worst: null });
  });

  test('by what it has: a single period with enough requests', () => {
    expect(verdict({ points: [...points(null), { value: 0, samples: 20 }, { value: 0, samples: 3 }] })).toBe('healthy');
  });

  test('over as many periods in a row as it takes', () => {
    const cpu = (...values: (number | null)[]) => verdict({ periods: 3, threshold: 80, points: points(...values) });
    expect(cpu(90, 90, 10, 90, 90)).toBe('healthy');
    expect(cpu(10, 90, 90, 90)).toBe('tripped');
    expect(cpu(90, 90, null, 90)).toBe('inconclusive');
    expect(cpu(10, 10)).toBe('inconclusive');
  });

  test.each([
    ['GreaterThanThreshold', 'healthy', 'tripped', 'healthy', 1.1],
    ['GreaterThanOrEqualToThreshold', 'tripped', 'tripped', 'healthy', 1.1],
    ['LessThanThreshold', 'healthy', 'healthy', 'tripped', 0.9],
    ['LessThanOrEqualToThreshold', 'tripped', 'healthy', 'tripped', 0.9],
  ] as const)('by %s', (comparison, at, above, below, worst) => {
    const given = (value: number) => verdict({ comparison, points: points(value) });
    expect([given(1), given(1.1), given(0.9)]).toEqual([at, above, below]);
    expect(judgeGuard(record({ comparison, points: points(0.9, 1.1) })).worst).toBe(worst);
  });

  test('at a threshold of 0 like at any other', () => {
    expect(verdict({ threshold: 0, points: points(0.001) })).toBe('tripped');
    expect(verdict({ threshold: 0, points: points(0) })).toBe('healthy');
  });

  test('tripped when its alarm went off, whatever whole periods show', () => {
    expect(verdict({ points: points(0, 0), wentOff: true })).toBe('tripped');
    expect(verdict({ points: [], wentOff: true })).toBe('tripped');
  });

  test('with the most samples of a period, or none where nobody counts', () => {
    const samples = (given: GuardPoint[]) => judgeGuard(record({ points: given })).samples;
    expect(
      samples([
        { value: 0, samples: 3 },
        { value: 0, samples: 12 },
        { value: 0, samples: null },
      ]),
    ).toBe(12);
    expect(samples([{ value: 0, samples: 0 }])).toBe(0);
    expect(samples([{ value: 0 }])).toBeNull();
  });

  test('without samples where it needs none', () => {
    const free = { minimumSamples: undefined, points: [{ value: 0 }] };
    expect(verdict(free)).toBe('healthy');
  });
});

describe('a release is judged', () => {
  const healthy = record();
  const tripped = record({ guard: 'Latency', points: points(5) });
  const blind = record({ guard: 'PredictionShift', points: [] });

  test('by its worst guard: tripped before inconclusive before healthy', () => {
    expect(judgeRelease([healthy]).verdict).toBe('healthy');
    expect(judgeRelease([healthy, blind]).verdict).toBe('inconclusive');
    expect(judgeRelease([healthy, blind, tripped]).verdict).toBe('tripped');
    expect(judgeRelease([healthy, tripped]).guards.map(({ guard }) => guard)).toEqual(['ErrorRate', 'Latency']);
  });

  test('inconclusive when nothing was watched', () => {
    expect(judgeRelease([])).toEqual({ verdict: 'inconclusive', guards: [] });
  });

  test('healthy only if every guard has seen enough data', () => {
    const point = fc.record<GuardPoint>({
      value: fc.option(fc.double({ min: 0, max: 2, noNaN: true })),
      samples: fc.option(fc.nat(40)),
    });
    const guard = fc.record({ periods: fc.integer({ min: 1, max: 3 }), points: fc.array(point, { maxLength: 8 }) });
    fc.assert(
      fc.property(fc.array(guard, { maxLength: 4 }), (guards) => {
        const judgement = judgeRelease(guards.map((each) => record(each)));
        const usable = guards.map(({ points: given }) =>
          given.filter(({ value, samples }) => value !== null && (samples ?? 0) >= 20),
        );
        const enough =
          guards.length > 0 && guards.every(({ periods }, index) => (usable[index]?.length ?? 0) >= periods);
        const beyond = usable.flat().some(({ value }) => value !== null && value > 1);
        expect([judgement.verdict !== 'healthy' || enough, judgement.verdict !== 'tripped' || beyond]).toEqual([
          true,
          true,
        ]);
      }),
    );
  });
});
