import { assert, integer, property } from 'fast-check';
import { CSV, JSON_LINES, JSON_TYPE, type RequestType } from '../../../server/media-types';
import type { Column } from '../../../server/model/column';
import { hasMoreObjects } from '../../../server/request/count-objects';
import { mostRows, OF_LINES, OF_OBJECTS } from '../../../server/request/most-rows';
import { readBody } from '../../../server/request/read-body';

const COLUMNS = Array.from(
  { length: 1000 },
  (_, index): Column => ({ name: `c${index}`, kind: 'number', type: 'float64', required: false }),
);

describe('rows that a body may have', () => {
  test.each<[RequestType, number, (rows: number) => string]>([
    [JSON_TYPE, 4161, (rows) => `{"instances":[${Array<string>(rows).fill('{}').join()}]}`],
    [JSON_LINES, 4161, (rows) => '{}\n'.repeat(rows)],
    [CSV, 4194, (rows) => `c0\n${'1\n'.repeat(rows)}`],
  ])('are bounded where they leave columns out, as %s', async (type, most, body) => {
    const read = (rows: number) => readBody(Buffer.from(body(rows)), type, COLUMNS, {});
    expect((await read(most)).rows).toBe(most);
    await expect(read(most + 1)).rejects.toThrow(
      `body: must have at most ${most} rows for its size, got more; send fewer rows at a time`,
    );
  });

  test('are always as many as have all their columns', () => {
    assert(
      property(integer({ min: 1, max: 2000 }), integer({ min: 1, max: 10_000_000 }), (columns, rows) => {
        // {"a":1} and a line's end; 1 and a comma or a line's end.
        expect(mostRows(rows * (2 + columns * 6), columns, OF_OBJECTS)).toBeGreaterThanOrEqual(rows);
        expect(mostRows(rows * columns * 2, columns, OF_LINES)).toBeGreaterThanOrEqual(rows);
      }),
    );
  });
});

describe('the objects of a JSON text', () => {
  test.each(['', '[]', '"{"'])('of %p are none', (text) => {
    expect(hasMoreObjects(text, 0)).toBe(false);
  });

  test.each([
    ['{}', 1],
    ['[{},{"a":{}}]', 3],
    ['{"a":"{{{"}', 1],
    ['{"a\\"{":"\\\\"},{"b":"{\\\\\\"{"}', 2],
    ['{"a":"{', 1],
  ])('of %s are %d', (text, count) => {
    expect([hasMoreObjects(text, count - 1), hasMoreObjects(text, count)]).toEqual([true, false]);
  });
});
