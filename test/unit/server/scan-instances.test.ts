import { anything, array, assert, boolean, constantFrom, double, oneof, property, record, string } from 'fast-check';
import type { Column } from '../../../server/model/column';
import { jsonSource } from '../../../server/request/json-source';
import { scanInstances } from '../../../server/request/scan-instances';
import { readTable } from '../../../server/rows/read-table';
import type { Table } from '../../../server/rows/table';

const columns: readonly Column[] = [
  { name: 'carrier', kind: 'category', type: 'string', required: true, categories: new Set(['AA', 'UA']) },
  { name: 'hour', kind: 'number', type: 'float64', required: true, minimum: -5, maximum: 23 },
  { name: 'te"mp', kind: 'number', type: 'float64', required: false },
  { name: 'note', kind: 'category', type: 'string', required: false },
];

function scan(text: string, refuseUnknown = false) {
  const unknown: string[] = [];
  const body = Buffer.from(text);
  const table = scanInstances(body, text, columns, { refuseUnknown, onUnknown: (name) => unknown.push(name) });
  return { table, unknown };
}

/** By way of objects; the fault instead, if there is one. */
function slowly(text: string, refuseUnknown = false) {
  const unknown: string[] = [];
  try {
    const options = { refuseUnknown, onUnknown: (name: string) => unknown.push(name) };
    return { table: readTable(columns, jsonSource(text, columns), options), unknown };
  } catch (fault) {
    return { fault };
  }
}

const plain = (table: Table | undefined) => table?.columns.map((cells) => Array.from(cells as ArrayLike<unknown>));

const ROW = { carrier: 'AA', hour: 5, 'te"mp': 1.25, note: null };
const written = (...rows: readonly unknown[]) => JSON.stringify({ instances: rows });

describe('rows without objects', () => {
  test.each([
    ['as JSON.stringify writes them', written(ROW, { ...ROW, hour: -0.5 })],
    ['with spaces', JSON.stringify({ instances: [ROW, ROW] }, undefined, ' \t\r\n')],
    ['in another order', written({ note: 'x', 'te"mp': 1e21, hour: 0, carrier: 'UA' })],
    ['with gaps', written({ ...ROW, note: '', 'te"mp': null })],
    ['with long numbers', written(ROW).replace('1.25', '10.357019999999999').replace(':5', ':-4.9E-3')],
  ])('are read %s', (_, text) => {
    const { table } = scan(text);
    expect(plain(table)).toEqual(plain(slowly(text).table));
    expect(table?.rows).toBe((JSON.parse(text) as { instances: unknown[] }).instances.length);
  });

  test.each([
    ['no object', '[1]'],
    ['another member', '{"instances":[],"x":1}'],
    ['no rows', '{"instances":[]}'],
    ['a column that is missing', written({ ...ROW, note: undefined })],
    ['a column twice', written(ROW).replace('"note"', '"hour"')],
    ['another order in the second row', written(ROW, { hour: 5, carrier: 'AA', 'te"mp': 1, note: '' })],
    ['a number out of bounds', written({ ...ROW, hour: 24 })],
    ['a gap in a column that needs a value', written({ ...ROW, carrier: '' })],
    ['a word for a number', written({ ...ROW, hour: '5' })],
    ['a number for a word', written({ ...ROW, carrier: 5 })],
    ['other characters than ASCII', written({ ...ROW, note: 'é' })],
    ['an escape', written({ ...ROW, note: '\n' })],
    ['a control character', written({ ...ROW, note: 'x' }).replace('"x"', '"\t"')],
    ['a leading zero', written(ROW).replace(':5', ':05')],
    ['a number without decimals', written(ROW).replace('1.25', '1.')],
    ['an infinite number', written(ROW).replace('1.25', '1e999')],
    ['a minus alone', written(ROW).replace('1.25', '-')],
    ['half of null', written(ROW).replace('null', 'nul')],
    ['something behind it', `${written(ROW)}x`],
    ['no end', written(ROW).slice(0, -2)],
    ['no comma', written(ROW, ROW).replace('},{', '}{')],
  ])('are left to the other way with %s', (_, text) => {
    expect(scan(text)).toEqual({ table: undefined, unknown: [] });
  });

  test('have unknown words counted once, or left to the other way', () => {
    const text = written({ ...ROW, carrier: 'XX' }, ROW);
    expect(scan(text).unknown).toEqual(['carrier']);
    expect(scan(text, true).table).toBeUndefined();
    expect(scan(`${text} x`).unknown).toEqual([]);
  });

  test('never take more room than the text has cells for', () => {
    expect(scan(`{"instances":[${'{'.repeat(1_000_000)}`).table).toBeUndefined();
  });

  test('are the same as with objects, for any rows', () => {
    const number = oneof(
      double({ noNaN: true, noDefaultInfinity: true }),
      constantFrom(-0, 0.1, 1e21, 123456789012345.6),
    );
    // Mostly what can be scanned: rows of anything seldom can.
    const mostly = 10;
    const row = record({
      carrier: oneof({ weight: mostly, arbitrary: constantFrom('AA', 'UA', 'XX', '') }, string(), anything()),
      hour: oneof({ weight: mostly, arbitrary: constantFrom(-5, 0, 23, 24) }, number, anything()),
      'te"mp': oneof(number, constantFrom(null, '')),
      note: oneof(string(), constantFrom(null)),
    });
    let scanned = 0;
    assert(
      property(array(row, { maxLength: 4 }), boolean(), boolean(), (rows, refuse, spaced) => {
        const text = JSON.stringify(
          { instances: rows },
          (_, one: unknown) => (typeof one === 'bigint' ? 1 : one),
          spaced ? 1 : 0,
        );
        const { table, unknown } = scan(text, refuse);
        if (!table) return;
        scanned += 1;
        expect({ table: plain(table), unknown: unknown.sort() }).toEqual({
          table: plain(slowly(text, refuse).table),
          unknown: slowly(text, refuse).unknown?.sort(),
        });
      }),
      { numRuns: 2000 },
    );
    expect(scanned).toBeGreaterThan(100);
  });
});
