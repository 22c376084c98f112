import { array, assert, asyncProperty, integer, nat } from 'fast-check';
import { AbandonedError, Batcher } from '../../../server/batching/batcher';
import type { Column } from '../../../server/model/column';
import type { Prediction } from '../../../server/model/prediction';
import type { Table } from '../../../server/rows/table';

const columns: readonly Column[] = [{ name: 'x', kind: 'number', type: 'float64', required: true }];
const table = (...numbers: readonly number[]): Table => ({
  rows: numbers.length,
  columns: [Float64Array.from(numbers)],
});
const cells = ({ outputs }: Prediction) => Array.from(outputs[0]?.cells as ArrayLike<number>);

/** Doubles; fails for a batch with a negative number. */
function doubling(batches: number[] = []) {
  return {
    columns,
    predict: async ({ rows, columns: [x] }: Table): Promise<Prediction> => {
      batches.push(rows);
      await new Promise((resolve) => setImmediate(resolve));
      const given = x as Float64Array;
      if (given.some((one) => one < 0)) throw new Error('negative');
      return { rows, outputs: [{ name: 'y', type: 'float64', width: 1, cells: given.map((one) => 2 * one) }] };
    },
  };
}

/** Two turns of the loop: one in which requests gather, one of the model. */
async function waitUntilWorking(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a batcher', () => {
  test('gives every request its own rows back, however they are cut and joined', async () => {
    const requests = array(array(nat(1000), { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 12 });
    await assert(
      asyncProperty(requests, integer({ min: 1, max: 10 }), async (given, mostRows) => {
        const batches: number[] = [];
        const batcher = new Batcher({ model: doubling(batches), mostRows });
        const answers = await Promise.all(given.map((numbers) => batcher.predict(table(...numbers))));
        expect(answers.map(cells)).toEqual(given.map((numbers) => numbers.map((one) => 2 * one)));
        expect(Math.max(...batches)).toBeLessThanOrEqual(mostRows);
        const rows = given.flat().length;
        expect(batches.reduce((sum, one) => sum + one, 0)).toBe(rows);
      }),
    );
  });

  test('predicts together what is there together', async () => {
    const batches: number[] = [];
    const batcher = new Batcher({ model: doubling(batches), mostRows: 100 });
    await Promise.all([1, 2, 3, 4].map((one) => batcher.predict(table(one))));
    expect(batches).toEqual([4]);
  });

  test('waits for others for as long as it is told', async () => {
    const batches: number[] = [];
    const batcher = new Batcher({ model: doubling(batches), mostRows: 100, waitMs: 20 });
    const first = batcher.predict(table(1));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, batcher.predict(table(2))]);
    expect(batches).toEqual([2]);
  });

  test('lets small requests pass between the parts of a large one', async () => {
    const order: string[] = [];
    const batcher = new Batcher({ model: doubling(), mostRows: 2 });
    const large = batcher.predict(table(1, 2, 3, 4, 5, 6, 7, 8)).then(() => order.push('large'));
    const small = batcher.predict(table(9)).then(() => order.push('small'));
    await Promise.all([large, small]);
    expect(order).toEqual(['small', 'large']);
  });

  test('cuts up no request that fits into a batch', async () => {
    const batches: number[] = [];
    const batcher = new Batcher({ model: doubling(batches), mostRows: 4 });
    await Promise.all([batcher.predict(table(1, 2, 3)), batcher.predict(table(4, 5, 6)), batcher.predict(table(7))]);
    expect(batches).toEqual([3, 4]);
  });

  test("a request that the model can't bear fails alone", async () => {
    const batcher = new Batcher({ model: doubling(), mostRows: 3 });
    const [good, bad, other] = await Promise.allSettled([
      batcher.predict(table(1)),
      batcher.predict(table(-1, 5, 6, 7)),
      batcher.predict(table(3)),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled' });
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.objectContaining({ message: 'negative' }) });
    expect(other).toMatchObject({ status: 'fulfilled' });
    expect(cells(await batcher.predict(table(4)))).toEqual([8]);
  });

  test('a request that shares a batch with a bad one has its rows in order, whichever part is tried again', async () => {
    const requests = array(array(integer({ min: -1, max: 9 }), { minLength: 1, maxLength: 7 }), {
      minLength: 1,
      maxLength: 9,
    });
    await assert(
      asyncProperty(requests, integer({ min: 1, max: 6 }), async (given, mostRows) => {
        const batcher = new Batcher({ model: doubling(), mostRows });
        const answers = await Promise.allSettled(given.map((numbers) => batcher.predict(table(...numbers))));
        expect(answers.map((one) => (one.status === 'fulfilled' ? cells(one.value) : undefined))).toEqual(
          given.map((numbers) => (numbers.some((one) => one < 0) ? undefined : numbers.map((one) => 2 * one))),
        );
      }),
    );
  });

  test('lets those that come later pass between the trials of a batch that failed', async () => {
    const order: string[] = [];
    const batcher = new Batcher({ model: doubling(), mostRows: 100 });
    const note = (name: string) => () => order.push(name);
    const failed = [1, 2, 3, -4].map((one, index) =>
      batcher.predict(table(one)).then(note(`trial ${index}`), note('fault')),
    );
    await waitUntilWorking();
    const later = batcher.predict(table(5)).then(note('later'));
    await Promise.all([...failed, later]);
    expect(order.indexOf('later')).toBeLessThanOrEqual(2);
    expect(order.at(-1)).toBe('fault');
  });

  test('drops requests whose clients went away before their turn', async () => {
    const batches: number[] = [];
    const batcher = new Batcher({ model: doubling(batches), mostRows: 100 });
    const gone = batcher.predict(table(1, 2, 3), () => true);
    const there = batcher.predict(table(4));
    await expect(gone).rejects.toBeInstanceOf(AbandonedError);
    expect(cells(await there)).toEqual([8]);
    expect(batches).toEqual([1]);
  });
});
