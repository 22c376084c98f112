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
