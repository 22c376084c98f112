import { z } from 'zod';
import type { BenchModel } from './bench-model';

export interface Answer {
  readonly probability: number;
  readonly label: number;
}

/** How a server is asked, and how it answers. */
export interface Protocol {
  readonly path: string;
  body(model: BenchModel, rows: number): string;
  /** @throws Error if the text is another thing */
  read(text: string): readonly Answer[];
}

const Predictions = z.object({ predictions: z.array(z.object({ probability: z.number(), label: z.number() })) });

/** SageMaker's container contract: `{"instances": [{column: value}]}`. */
export const INSTANCES: Protocol = {
  path: '/invocations',
  body: ({ rows }, count) => JSON.stringify({ instances: rows.slice(0, count) }),
  read: (text) => Predictions.parse(JSON.parse(text)).predictions,
};

const Tensors = z.object({ outputs: z.array(z.object({ name: z.string(), data: z.array(z.number()) })) });

/** The Open Inference Protocol v2 over REST: a tensor of `[rows, 1]` a column. */
export function inferenceProtocol(name: string): Protocol {
  return {
    path: `/v2/models/${name}/infer`,
    body: ({ rows, words }, count) =>
      JSON.stringify({
        inputs: Object.keys(rows[0] ?? {}).map((column) => ({
          name: column,
          shape: [count, 1],
          datatype: words.has(column) ? 'BYTES' : 'FP64',
          data: rows.slice(0, count).map((row) => row[column] ?? null),
        })),
      }),
    read: (text) => {
      const { outputs } = Tensors.parse(JSON.parse(text));
      const data = (output: string) => outputs.find(({ name: one }) => one === output)?.data ?? [];
      const labels = data('label');
      return data('probability').map((probability, row) => ({ probability, label: labels[row] ?? Number.NaN }));
    },
  };
}

const TOLERANCE = 1e-4;

/**
 * What keeps two servers' answers from being equal work.
 * @returns undefined if labels are equal and probabilities too, to 1e-4
 */
export function difference(expected: readonly Answer[], got: readonly Answer[]): string | undefined {
  if (got.length !== expected.length) return `must answer ${expected.length} rows, got ${got.length}`;
  const row = expected.findIndex((answer, index) => {
    const { probability = Number.NaN, label } = got[index] ?? {};
    return label !== answer.label || !(Math.abs(probability - answer.probability) <= TOLERANCE);
  });
  return row === -1
    ? undefined
    : `row ${row + 1} must be ${JSON.stringify(expected[row])} to ${TOLERANCE}, got ${JSON.stringify(got[row])}`;
}
