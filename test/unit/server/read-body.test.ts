import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { parquetMetadata } from 'hyparquet';
import { CSV, JSON_LINES, JSON_TYPE, PARQUET, type RequestType } from '../../../server/media-types';
import type { Column } from '../../../server/model/column';
import { csvLines } from '../../../server/request/csv-lines';
import { checkParquetPages } from '../../../server/request/parquet-pages';
import { parquetSource } from '../../../server/request/parquet-source';
import { readBody } from '../../../server/request/read-body';
import type { ReadTableOptions } from '../../../server/rows/read-table';

const COLUMNS: readonly Column[] = [
  { name: 'carrier', kind: 'category', type: 'string', required: true, categories: new Set(['AA']) },
  { name: 'hour', kind: 'number', type: 'float64', required: true, minimum: 0, maximum: 23 },
  { name: 'temp', kind: 'number', type: 'float64', required: false },
  { name: 'maker', kind: 'category', type: 'string', required: false },
];
const ROW = { carrier: 'AA', hour: 5, temp: 40.5, maker: 'BOEING' };

const read = (body: string | Buffer, type: RequestType, options: ReadTableOptions = {}, columns = COLUMNS) =>
  readBody(Buffer.from(body), type, columns, options);
const json = (...rows: readonly unknown[]) => JSON.stringify({ instances: rows });
const lines = (...rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');

/**
 * temp [40.5, null], carrier ['AA', 'AA'], hour [5, 5] as INT64, maker ['BOEING', null], by pyarrow 26 with
 * write_table(…, store_schema=False, write_statistics=False): Snappy, dictionaries.
 */
const TWO_ROWS = readFileSync(join(__dirname, 'two-rows.parquet'));

describe('the body of a request', () => {
  test.each<[string | Buffer, RequestType]>([
    [json(ROW, { ...ROW, temp: null, maker: null }), JSON_TYPE],
    [json(ROW, { hour: 5, carrier: 'AA' }), JSON_TYPE],
    [json(ROW, { ...ROW, temp: null, maker: '' }), JSON_TYPE],
    [lines(ROW, { hour: 5, carrier: 'AA' }), JSON_LINES],
    [`${lines(ROW)}\r\n\n${lines({ hour: 5, carrier: 'AA' })}\n`, JSON_LINES],
    ['AA,5,40.5,BOEING\nAA,5,,\n', CSV],
    ['AA,5,40.5,BOEING\r\n\r\nAA,5,,', CSV],
    ['maker,carrier,temp,hour\nBOEING,AA,40.5,5\n,AA,,5\n', CSV],
    ['"AA","5","40.5","BOEING"\n"AA","5","",""\n', CSV],
    ['\ufeffcarrier,hour,temp,maker\nAA, 5.0 ,+4.05e1,BOEING\nAA,5,,\n', CSV],
    [TWO_ROWS, PARQUET],
  ])('is the same rows in every form: %s', async (body, type) => {
    const { rows, columns } = await read(body, type);
    expect(rows).toBe(2);
    expect(columns.map((cells) => Array.from(cells as ArrayLike<unknown>))).toEqual([
      ['AA', 'AA'],
      [5, 5],
      [40.5, Number.NaN],
      ['BOEING', ''],
    ]);
  });

  test('may leave out of a header what may lack a value', async () => {
    const { columns } = await read('hour,carrier\n5,AA\n', CSV);
    expect(columns.slice(2).map(([cell]) => cell)).toEqual([Number.NaN, '']);
  });

  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ hour: 'five' }, 'row 2, column hour must be a number from 0 to 23, got "five"'],
    [{ hour: true }, 'row 2, column hour must be a number from 0 to 23, got true'],
    [{ hour: -1 }, 'row 2, column hour must be a number from 0 to 23, got -1'],
    [{ hour: 23.001 }, 'row 2, column hour must be a number from 0 to 23, got 23.001'],
    [{ hour: null }, 'row 2, column hour must have a value, got none'],
    [{ carrier: 3 }, 'row 2, column carrier must be a string, got 3'],
    [{ carrier: '' }, 'row 2, column carrier must have a value, got none'],
    [{ temp: [1] }, 'row 2, column temp must be a number, got [1]'],
    [{ colour: 1 }, 'row 2: has no use for the column colour; send only carrier, hour, maker, temp'],
    [{ ['__proto__']: 1 }, 'row 2: has no use for the column __proto__'],
  ])('is refused by row and column: %j', async (change, message) => {
    await expect(read(json(ROW, { ...ROW, ...change }), JSON_TYPE)).rejects.toThrow(message);
  });

  test('names a missing member of an object', async () => {
    await expect(read(json({ hour: 5 }), JSON_TYPE)).rejects.toThrow(
      'row 1, column carrier must have a value, got none',
    );
  });

  test.each(['five', 'nan', 'inf', '1_0', '24', '0x5', '1,000', ' ', '1e999', '.'])(
    'takes no %p for an hour in CSV',
    async (cell) => {
      await expect(read(`carrier,hour\nAA,"${cell}"\n`, CSV)).rejects.toThrow(
        'row 1, column hour must be a number from 0 to 23',
      );
    },
  );

  test('holds in single precision what that reaches, and no more', async () => {
    const columns = [{ name: 'hour', kind: 'number', type: 'float32', required: true }] as const;
    const readHour = (cell: string) => read(`hour\n${cell}\n`, CSV, {}, columns);
    const most = (2 - 2 ** -23) * 2 ** 127;
    expect(Array.from((await readHour(String(-most))).columns[0] as Float32Array)).toEqual([-most]);
    for (const cell of ['3.5e38', '-1e300'])
      await expect(readHour(cell)).rejects.toThrow(`row 1, column hour must be a number, got "${cell}"`);
  });

  test('names five faults and counts the others', async () => {
    const body = json(...Array.from({ length: 8 }, () => ({ ...ROW, hour: 99 })));
    await expect(read(body, JSON_TYPE)).rejects.toThrow(/row 5, column hour .* and 3 more; correct/);
  });

  test.each<[string | Buffer, RequestType, string | RegExp]>([
    ['', JSON_TYPE, 'body: must be JSON, got'],
    ['{"instances": []}', JSON_TYPE, 'body: must be an object with a list of instances, got {"instances":[]}'],
    ['[1]', JSON_TYPE, 'body: must be an object with a list of instances, got [1]'],
    ['{"instances": [1]}', JSON_TYPE, 'row 1: must be an object, got 1'],
    ['{"instances": [NaN]}', JSON_TYPE, 'body: must be JSON'],
    [Buffer.from([0x41, 0xff]), CSV, 'body: must be UTF-8, got other bytes; encode it'],
    ['', CSV, 'body: must hold rows, got none'],
    ['\n\n', JSON_LINES, 'body: must hold rows, got none'],
    ['{"a":\n', JSON_LINES, /must be JSON, got .* in body, line 1/],
    ['carrier,hour,temp,maker\n', CSV, 'body: must hold rows, got none'],
    ['AA,5,40.5\n', CSV, 'row 1: must have 4 cells, got 3; send carrier, hour, temp, maker in this order'],
    ['carrier,hour,speed\nAA,5,1\n', CSV, 'header: has no use for the column speed; send carrier, hour, maker, temp'],
    ['carrier,temp\nAA,5\n', CSV, 'header: lacks the columns hour; add them'],
    ['carrier,hour,hour\nAA,5,5\n', CSV, 'header: names a column twice, got carrier, hour, hour'],
    ['"AA,5,40.5,BOEING\n', CSV, 'body: must be CSV, got a quote that is never closed'],
    ['"A"A,5,40.5,BOEING\n', CSV, 'body: must be CSV, got "A" after a quote'],
  ])('is refused as a whole: %j', async (body, type, message) => {
    await expect(read(body, type)).rejects.toThrow(message);
  });

  test('is refused when it is nested more deeply than there is stack', async () => {
    await expect(read(`${'['.repeat(200_000)}${']'.repeat(200_000)}`, JSON_TYPE)).rejects.toThrow('got […]');
  });

  test('is refused as Parquet whose groups hold other rows than it promises', async () => {
    const body = Buffer.from(TWO_ROWS);
    const promise = body.indexOf(Buffer.from('1604191c', 'hex'));
    for (const rows of [0, 1]) {
      body[promise + 1] = 2 * rows;
      await expect(read(body, PARQUET)).rejects.toThrow(`must be Parquet, got ${rows} rows in groups of 2; write it`);
    }
  });

  test('is refused as Parquet of more cells than are unpacked at once', async () => {
    expect((await parquetSource(TWO_ROWS, COLUMNS, 8)).rows).toBe(2);
    await expect(parquetSource(TWO_ROWS, COLUMNS, 7)).rejects.toThrow(
      'body: must hold at most 7 cells, got 2 rows of 4; send fewer rows at a time',
    );
  });

  test.each([
    ['a dictionary', '1504151015144c1502', '63 values of temp in 2 rows'],
    ['a page', '1500151215162c1504', '63 values of temp in 2 rows'],
  ])(
    'is refused as Parquet with %s of more values than there are rows, before room is made',
    async (_, header, got) => {
      const body = Buffer.from(TWO_ROWS);
      const last = body.indexOf(Buffer.from(header, 'hex')) + header.length / 2 - 1;
      body[last] = 2 * 63;
      await expect(read(body, PARQUET)).rejects.toThrow(`must be Parquet, got ${got}`);
    },
  );

  test('is refused as Parquet that unpacks to more bytes than there is room for', () => {
    const file = TWO_ROWS.buffer.slice(TWO_ROWS.byteOffset, TWO_ROWS.byteOffset + TWO_ROWS.length);
    const check = (mostBytes: number) => () => checkParquetPages(file, parquetMetadata(file), mostBytes);
    expect(check(1000)).not.toThrow();
    expect(check(10)).toThrow('body: must unpack to at most 10 bytes, got more');
  });

  test('may be Parquet with gzip, and with Zstandard where Node has it', async () => {
    const expected = await read(TWO_ROWS, PARQUET);
    const packed = (name: string) => read(readFileSync(join(__dirname, `two-rows.${name}.parquet`)), PARQUET);
    expect(await packed('gzip')).toEqual(expected);
    const zstd = packed('zstd').catch((error: Error) => error.message);
    const unknown: unknown = expect.stringContaining('unsupported compression codec: ZSTD');
    expect(await zstd).toEqual('zstdDecompressSync' in zlib ? expected : unknown);
  });

  test('is refused as Parquet that is cut short or damaged', async () => {
    for (const size of [11, 100, TWO_ROWS.length - 1]) {
      await expect(read(TWO_ROWS.subarray(0, size), PARQUET)).rejects.toThrow('must be Parquet, got');
    }
  });

  test('may hold words that the model never saw, unless they are to be refused', async () => {
    const body = json({ ...ROW, carrier: 'ZZ', maker: 'anyone' });
    const told: string[] = [];
    const { columns } = await read(body, JSON_TYPE, { onUnknown: (column) => told.push(column) });
    expect([columns[0]?.[0], told]).toEqual(['ZZ', ['carrier']]);
    await expect(read(body, JSON_TYPE, { refuseUnknown: true })).rejects.toThrow(
      'row 1, column carrier must be a word that the model knows, got "ZZ"',
    );
  });

  test.each([
    ['int64', 5, 5n],
    ['int32', -5, -5],
  ] as const)('gives whole numbers to a column of %s', async (type, given, cell) => {
    const columns: Column[] = [{ name: 'n', kind: 'number', type, required: true }];
    expect((await read(json({ n: given }), JSON_TYPE, {}, columns)).columns[0]?.[0]).toBe(cell);
    for (const wrong of [0.5, 2 ** 53, ...(type === 'int32' ? [2 ** 31, -(2 ** 31) - 1] : [])]) {
      await expect(read(json({ n: wrong }), JSON_TYPE, {}, columns)).rejects.toThrow('must be a whole number');
    }
  });
});

test('lines of CSV keep commas, quotes and line ends in quotes, and quotes inside of plain cells', () => {
  expect([...csvLines('a,"b,""c""\r\nd",e"f\r\n\r\n"",\rx')]).toEqual([['a', 'b,"c"\r\nd', 'e"f'], ['', ''], ['x']]);
  // An empty word is a row of a model of one column, an empty line is none.
  for (const end of ['\n', '\r\n', '\r']) expect([...csvLines(`""${end}${end}a${end}""`)]).toEqual([[''], ['a'], ['']]);
});
