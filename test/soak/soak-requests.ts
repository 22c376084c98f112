import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SoakRequest {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
  /** The only answer that is right. */
  readonly status: number;
}

const ROW = { carrier: 'AA', hour: 5, temp: 1.25 };
const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ ...ROW, hour: row % 24 }));
const inputs = (hours: readonly number[]) => [
  { name: 'carrier', datatype: 'BYTES', shape: [hours.length], data: hours.map(() => 'UA') },
  { name: 'hour', datatype: 'FP64', shape: [hours.length, 1], data: hours },
];

function invocation(type: string, body: string | Buffer, status = 200): SoakRequest {
  return { path: '/invocations', type, body: Buffer.from(body), status };
}

function inference(content: unknown, status = 200, model = 'model'): SoakRequest {
  const body = Buffer.from(JSON.stringify(content));
  return { path: `/v2/models/${model}/infer`, type: 'application/json', body, status };
}

const PARQUET = readFileSync(join(__dirname, '../unit/server/two-rows.parquet'));

/** Every form, small and large, right and wrong, for the model of test/unit/server/test-model.ts. */
export const SOAK_REQUESTS: readonly SoakRequest[] = [
  invocation('application/json', JSON.stringify({ instances: rows(1) })),
  invocation('application/json', JSON.stringify({ instances: rows(100) })),
  invocation('application/json', JSON.stringify({ instances: rows(3000) })),
  invocation('application/json', JSON.stringify({ instances: [{ hour: 1, carrier: 'É' }] })),
  invocation('text/csv', 'AA,5,1\nUA,6,\n'.repeat(50)),
  invocation(
    'application/jsonlines',
    `${rows(20)
      .map((row) => JSON.stringify(row))
      .join('\n')}\n`,
  ),
  inference({ inputs: inputs([1, 2, 3]) }),
  invocation('application/json', '{"instances": [{', 400),
  invocation('application/json', JSON.stringify({ instances: [{ ...ROW, hour: 24 }] }), 400),
  invocation('application/json', JSON.stringify({ instances: [{ ...ROW, hour: 'x'.repeat(10_000) }] }), 400),
  invocation('text/csv', 'AA,"5,1', 400),
  // It has a column more than the model.
  invocation('application/x-parquet', PARQUET, 400),
  invocation('application/x-parquet', PARQUET.subarray(0, 300), 400),
  invocation('image/png', 'x', 415),
  invocation('application/json', Buffer.alloc(2 * 1024 * 1024, 0x20), 413),
  inference({ inputs: inputs([1]).slice(1) }, 400),
  inference({ inputs: inputs([1]) }, 404, 'other'),
];
