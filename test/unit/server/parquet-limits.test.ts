import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import type { Column } from '../../../server/model/column';
import { checkParquetSchema } from '../../../server/request/check-schema';
import { checkParquetPages } from '../../../server/request/parquet-pages';
import { parquetSource } from '../../../server/request/parquet-source';

const COLUMNS: readonly Column[] = [
  { name: 'carrier', kind: 'category', type: 'string', required: true },
  { name: 'hour', kind: 'number', type: 'float64', required: true },
  { name: 'temp', kind: 'number', type: 'float64', required: false },
  { name: 'maker', kind: 'category', type: 'string', required: false },
];
const file = (name: string) => readFileSync(join(__dirname, name));
const TWO_ROWS = file('two-rows.parquet');

/** The file with other bytes in the first place of those. */
function changed(source: Buffer, from: string, to: string): Buffer {
  const at = source.indexOf(Buffer.from(from, 'hex'));
  expect(at).toBeGreaterThan(0);
  const body = Buffer.from(source);
  body.write(to, at, 'hex');
  return body;
}

/** A file that is a footer only. */
function footer(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('PAR1'), bytes, size, Buffer.from('PAR1')]);
}

describe('Parquet is refused', () => {
  test.each([
    ['a list of more than there are bytes', '19f980808010', 'a list of 33554432'],
    ['lists within lists', '19'.repeat(100), 'lists nested too deeply'],
    ['structures within structures', '1c'.repeat(100), 'structures nested too deeply'],
    ['a number that goes on', `16${'ff'.repeat(11)}0100`, 'a number of more than 10 bytes'],
    ['a long least of a column', `1c1c1c1c188827${'00'.repeat(5000)}`, "5000 bytes of a column's least"],
    ['a word behind its end', '180a00', '10 bytes behind its end'],
    ['a map', '1b00', 'a field of the type 11'],
  ])('with %s in its footer', async (_, hex, message) => {
    await expect(parquetSource(footer(hex), COLUMNS)).rejects.toThrow(`body: must be Parquet, got ${message}`);
  });

  // Of the first column's page: two levels, packed into one byte; one index, as a run.
  const LEVELS = '020000000301010200';
  test.each([
    ['levels than rows', '020000007e01010200', 'a run of 63 values where 2 are left'],
    ['packed levels than rows', '02000000ff7f010200', 'a run of 65528 values where 2 are left'],
    ['indexes than values', '020000000301017e00', 'a run of 63 values where 1 are left'],
    ['bits than an index has', '020000000301210200', 'indexes of 33 bits in temp'],
  ])('with more %s', async (_, to, message) => {
    await expect(parquetSource(changed(TWO_ROWS, LEVELS, to), COLUMNS)).rejects.toThrow(
      `must be Parquet, got ${message}`,
    );
  });

  test.each([
    ['lists', '150a25021804', '150a25041804', 'lists or structures in temp'],
    ['JSON', '726965722500', '726965722526', 'JSON in carrier'],
    ['decimals of any length', '726965722500', '72696572250a', 'decimals of any length in carrier'],
    ['another type than its schema says', '150a193500', '150c193500', 'a column temp that its schema lacks'],
    ['two columns of a name', '1804686f7572', '180474656d70', 'two columns temp'],
  ])('with %s', async (_, from, to, message) => {
    await expect(parquetSource(changed(TWO_ROWS, from, to), COLUMNS)).rejects.toThrow(
      `must be Parquet, got ${message}`,
    );
  });

  // Its pages are of the second version, and its values differences.
  const V2 = '5c15041502150415121504150012';
  test.each([
    ['levels than rows', '0401800204', '7e01800204', 'a run of 63 values where 2 are left'],
    ['levels than bytes', V2, V2.replace('15041500', '15181500'), 'a page of temp with less than its levels'],
    ['levels than there can be', V2, V2.replace('15041500', '15031500'), 'a page of temp with 10 bytes'],
    ['parts of a block than fit', '800204020a', '800203020a', 'blocks of 256 values in 3'],
    ['bytes taken back than a word has', '800104010c424f', '800104010b424f', 'a word of -6 bytes'],
  ])('with more %s in pages of the second version', async (_, from, to, message) => {
    const body = changed(file('two-rows.delta.parquet'), from, to);
    await expect(parquetSource(body, COLUMNS)).rejects.toThrow(`must be Parquet, got ${message}`);
  });

  test('with a column that the model has no use for', async () => {
    await expect(parquetSource(TWO_ROWS, COLUMNS.slice(1))).rejects.toThrow(
      'schema: has no use for the column carrier; send only hour, maker, temp',
    );
  });

  test('with a column in a group more often than in its schema, or the same bytes twice', () => {
    const buffer = TWO_ROWS.buffer.slice(TWO_ROWS.byteOffset, TWO_ROWS.byteOffset + TWO_ROWS.length);
    const metadata = parquetMetadata(buffer);
    const groups = metadata.row_groups.map((group) => ({ ...group, columns: Array(20).fill(group.columns[0]) }));
    expect(() => checkParquetPages(buffer, { ...metadata, row_groups: groups }, 1e6)).toThrow(
      'columns of more bytes than the file',
    );
    expect(() => checkParquetSchema({ ...metadata, row_groups: groups }, COLUMNS)).toThrow(
      '20 columns in a group, not 4',
    );
  });
});

test('Parquet of the second version, by differences, is the same rows', async () => {
  const cells = async (name: string) => {
    const source = await parquetSource(file(name), COLUMNS);
    return Array.from({ length: source.rows }, (_, row) => COLUMNS.map((__, column) => source.cell(row, column)));
  };
  expect(await cells('two-rows.delta.parquet')).toEqual(await cells('two-rows.parquet'));
});
