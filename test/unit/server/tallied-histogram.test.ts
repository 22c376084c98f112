import { array, assert, asyncProperty, double } from 'fast-check';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { TalliedHistogram } from '../../../server/metrics/tallied-histogram';

const BOUNDS = [0.5, 1, 2.5];
const props = { name: 'seconds', help: 'Some.' };

function both(values: readonly number[]) {
  const [tallied, own] = [new Registry(), new Registry()];
  const tally = new TalliedHistogram({ ...props, bounds: BOUNDS, registry: tallied }).tally({ stage: 'a' });
  const histogram = new Histogram({ ...props, labelNames: ['stage'], buckets: BOUNDS, registers: [own] });
  histogram.zero({ stage: 'a' });
  for (const value of values) {
    tally.observe(value);
    histogram.observe({ stage: 'a' }, value);
  }
  return { tallied, own };
}

test('a histogram of tallies reads as one of prom-client does, for any values', async () => {
  const values = array(double({ min: -1, max: 4, noNaN: true }), { maxLength: 20 });
  await assert(
    asyncProperty(values, async (given) => {
      const { tallied, own } = both([...given, ...BOUNDS]);
      expect(await tallied.metrics()).toBe(await own.metrics());
    }),
  );
});

test('processes add theirs up', async () => {
  const registries = [both([0.1, 9]), both([2])];
  const sum = async (kind: 'tallied' | 'own') => {
    const found = await Promise.all(registries.map((one) => one[kind].getMetricsAsJSON()));
    return AggregatorRegistry.aggregate(found).metrics();
  };
  const text = await sum('tallied');
  expect(text).toBe(await sum('own'));
  expect(text).toContain('seconds_count{stage="a"} 3');
});
