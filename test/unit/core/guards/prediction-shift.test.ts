import * as fc from 'fast-check';
import {
  FALSE_ALARM_RATE,
  independentSamples,
  predictionShift,
  shiftNoise,
} from '../../../../core/guards/prediction-shift';

/** The bound of guards.predictionShift, unless a model says otherwise. */
const MAXIMUM_SHIFT = 0.3;

/** Numbers from 0 to below 1 that are the same for the same seed (xorshift). */
function random(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

type Model = (next: () => number) => number;

/** Probabilities that flights are late: few are above a half. */
const late: Model = (next) => 0.02 + 0.5 * next() ** 2;
/** A classifier that answers with a label. */
const label: Model = (next) => (next() < 0.2 ? 1 : 0);
/** A regression: amounts with a long tail. */
const amount: Model = (next) => 5 + Math.exp(6 * next());
const rare: Model = (next) => 0.002 * next();
const MODELS = { late, label, amount, rare };

function requests(model: Model, count: number, seed: number, rows = 1): number[][] {
  const next = random(seed);
  return Array.from({ length: count }, () => Array.from({ length: rows }, () => model(next)));
}

const seeds = fc.integer({ min: 0, max: 1e6 });
const models = fc.constantFrom(...(Object.keys(MODELS) as (keyof typeof MODELS)[]));

describe('the shift of predictions', () => {
  test('is none beyond noise between two samples of the same model, however large they are', () => {
    const sizes = fc.record({ before: fc.integer({ min: 2, max: 1500 }), after: fc.integer({ min: 1, max: 1500 }) });
    fc.assert(
      fc.property(models, sizes, seeds, (model, { before, after }, seed) => {
        const { shift } = predictionShift(
          requests(MODELS[model], before, seed),
          requests(MODELS[model], after, seed + 1),
        );
        expect(shift).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps its distance from the bound by far in 200 looks at 200 requests', () => {
    const noise = shiftNoise(1000, 200);
    const distances = Array.from(
      { length: 200 },
      (_, seed) => predictionShift(requests(late, 400, 2 * seed), requests(late, 200, 2 * seed + 1)).distance,
    ).sort((a, b) => a - b);
    // One in two hundred would already be fifty times what is promised.
    expect(distances.at(-1)).toBeLessThan(noise);
    expect(FALSE_ALARM_RATE).toBe(1e-4);
  });

  /** The value in the middle: the one that hides best among those of the old release. */
  const constant = (model: Model, seed: number): Model => {
    const sorted = requests(model, 999, seed)
      .flat()
      .toSorted((x, y) => x - y);
    return () => sorted[499] ?? 0;
  };

  test.each<[string, Model, (model: Model, seed: number) => Model, number]>([
    ['probabilities turned round', late, (model) => (next) => 1 - model(next), 30],
    ['one probability for all', late, constant, 100],
    ['one amount for all', amount, constant, 100],
    ['amounts a hundredth of what they were', amount, (model) => (next) => model(next) / 100, 100],
    ['rare events found everywhere', rare, (model) => (next) => 1000 * model(next), 100],
    ['rare events found nowhere', rare, () => () => 0, 100],
    // They differ in three of five only.
    ['labels turned round', label, (model) => (next) => 1 - model(next), 1000],
  ])('goes beyond the bound for %s', (_, model, breakIt, count) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const broken = requests(breakIt(model, seed), count, seed + 1000);
      expect(predictionShift(requests(model, 2000, seed), broken).shift).toBeGreaterThan(MAXIMUM_SHIFT);
    }
  });

  test('stays below the bound for a better model: a tenth more confident', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const better = requests((next) => 1.1 * late(next), 4000, seed + 1000);
      expect(predictionShift(requests(late, 4000, seed), better).shift).toBeLessThan(MAXIMUM_SHIFT);
    }
  });

  test('and its distance are 0 to 1, whatever the predictions', () => {
    const predictions = fc.array(fc.array(fc.double(), { maxLength: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(predictions, predictions, (before, after) => {
        const { shift, distance } = predictionShift(before, after);
        expect(shift).toBeGreaterThanOrEqual(0);
        expect(shift).toBeLessThanOrEqual(1);
        expect(distance).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test('takes rows of one request, which may be alike, for no more than one sample', () => {
    const alike = (next: () => number) => {
      const value = next();
      return () => value;
    };
    for (let seed = 0; seed < 40; seed += 1) {
      const next = random(seed);
      const clustered = (count: number) => Array.from({ length: count }, () => Array.from({ length: 50 }, alike(next)));
      expect(predictionShift(clustered(60), clustered(20)).shift).toBe(0);
    }
    expect(independentSamples(requests((next) => next(), 20, 1, 50))).toBeCloseTo(20);
    expect(independentSamples([[1, 2, 3, 4, 5, 6, 7, 8, 9], [1]])).toBeLessThan(1.3);
  });

  test('counts what is no number as a value of its own', () => {
    const broken = requests(() => Number.NaN, 200, 1);
    expect(predictionShift(requests(late, 2000, 1), broken).shift).toBeGreaterThan(MAXIMUM_SHIFT);
  });

  test.each([
    ['there are no predictions of the new release', requests(late, 100, 1), []],
    ['its requests were empty', requests(late, 100, 1), [[], []]],
    ['there are none of the old one', [], requests(late, 100, 1)],
    ['there is a single one of the old one', requests(late, 1, 1), requests(late, 100, 1)],
    ['none of the old one is a number', requests(() => Number.NaN, 100, 1), requests(late, 100, 1)],
  ])('rests on no samples, and so says nothing, when %s', (_, before, after) => {
    expect(predictionShift(before, after)).toMatchObject({ shift: 0, samples: 0 });
  });
});

describe('the noise of a shift', () => {
  test('is the bound worked out by hand: 3.806… over the root of the samples', () => {
    expect(shiftNoise(Number.POSITIVE_INFINITY, 100)).toBeCloseTo(0.38066, 4);
    expect(shiftNoise(1000, 100)).toBeCloseTo(0.38066 * Math.sqrt(1.1), 4);
  });

  test('grows without bound as samples go', () => {
    expect(shiftNoise(1000, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(shiftNoise(0, 1000)).toBe(Number.POSITIVE_INFINITY);
    expect(shiftNoise(1, 1)).toBeGreaterThan(1);
  });

  test('falls with samples of either side', () => {
    const size = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(size, size, size, (a, b, more) => {
        expect(shiftNoise(a + more, b)).toBeLessThan(shiftNoise(a, b));
        expect(shiftNoise(a, b)).toBe(shiftNoise(b, a));
      }),
    );
  });
});
