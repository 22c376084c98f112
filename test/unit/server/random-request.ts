import {
  type Arbitrary,
  anything,
  array,
  constantFrom,
  json,
  mixedCase,
  oneof,
  option,
  record,
  string,
  uint8Array,
} from 'fast-check';

export interface RandomRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const row = record(
  {
    carrier: oneof(constantFrom('AA', 'UA', ''), anything()),
    hour: oneof(constantFrom(0, 23, 24, -1, Number.MAX_VALUE), anything()),
    temp: anything(),
  },
  { requiredKeys: [] },
);
const tensor = record(
  {
    name: constantFrom('carrier', 'hour', 'x'),
    shape: anything(),
    datatype: constantFrom('BYTES', 'FP64', 'INT64', 7),
    data: oneof(array(row), anything()),
  },
  { requiredKeys: ['name'] },
);

/** As JSON has it, as far as it has it. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? '';
  } catch {
    return '{';
  }
}

const body: Arbitrary<Buffer> = oneof(
  array(row, { maxLength: 5 }).map((instances) => Buffer.from(written({ instances }))),
  array(tensor, { maxLength: 3 }).map((inputs) => Buffer.from(written({ inputs }))),
  array(row, { maxLength: 5 }).map((rows) => Buffer.from(rows.map(written).join('\n'))),
  array(
    array(oneof(constantFrom('AA', '5', '""', '"', ' ', '1e9', 'hour', 'carrier'), string({ maxLength: 5 })), {
      maxLength: 4,
    }),
  ).map((lines) => Buffer.from(lines.map((cells) => cells.join(',')).join('\n'))),
  json().map((text) => Buffer.from(text)),
  uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  uint8Array({ maxLength: 100 }).map((bytes) => Buffer.concat([Buffer.from('PAR1'), bytes, Buffer.from('PAR1')])),
);

const types = ['application/json', 'text/csv', 'application/jsonlines', 'application/x-parquet'];

/** Requests of all kinds, most of them wrong in some way. */
export const randomRequest: Arbitrary<RandomRequest> = record({
  method: constantFrom('POST', 'POST', 'POST', 'GET', 'PUT'),
  url: oneof(
    constantFrom(
      '/invocations',
      '/invocations',
      '/v2/models/model/infer',
      '/v2/models/x/infer',
      '/ping',
      '/metrics',
      '/v2',
    ),
    string({ maxLength: 10 }).map((text) => `/${encodeURIComponent(text)}`),
    constantFrom('/%', '/%zz', '/invocations?%', '//'),
  ),
  headers: record({
    'content-type': oneof(mixedCase(constantFrom(...types)), constantFrom('', 'x', 'a/b;c="', 'text/plain')),
    accept: option(oneof(constantFrom('*/*', ',', 'text/csv', 'image/png'), constantFrom(...types)), { nil: '' }),
  }),
  body,
});
