import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { z } from 'zod';
import type { Sample } from './outputs';
import type { Say } from './progress';
import type { Summary } from './summary';
import type { Target } from './target';

const Answer = z.object({ predictions: z.array(z.object({ probability: z.number(), label: z.int() })) });

/** Rows in one request. */
const BATCH = 5;
const REQUESTS_PER_MESSAGE = 5;

/**
 * Sends held-out rows to the endpoint, in turn as JSON and as CSV, and compares the answers with the truth.
 * A request that fails is counted, not thrown.
 */
export async function invokeEndpoint(
  target: Target,
  sample: Sample,
  say: Say,
): Promise<NonNullable<Summary['invocations']>> {
  const milliseconds: number[] = [];
  let tried = 0;
  let answered = 0;
  let correct = 0;
  for (let start = 0; start < sample.instances.length; start += BATCH) {
    const rows = sample.instances.slice(start, start + BATCH);
    const began = performance.now();
    const labels = await (tried % 2 === 0 ? askJson(target, rows) : askCsv(target, rows)).catch((error: unknown) => {
      say(String(error));
      return undefined;
    });
    tried += 1;
    if (labels?.length !== rows.length) continue;
    milliseconds.push(performance.now() - began);
    answered += rows.length;
    correct += labels.filter((label, index) => label === sample.labels[start + index]).length;
    if (tried % REQUESTS_PER_MESSAGE === 0) say(`${answered} of ${sample.instances.length} rows`);
  }
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return {
    tried,
    succeeded: sorted.length,
    rows: answered,
    correct,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
  };
}

async function askJson(target: Target, rows: Sample['instances']): Promise<number[]> {
  const { Body } = await target.clients.runtime.send(
    new InvokeEndpointCommand({
      EndpointName: target.name,
      ContentType: 'application/json',
      Accept: 'application/json',
      Body: JSON.stringify({ instances: rows }),
    }),
  );
  return Answer.parse(JSON.parse(Buffer.from(Body ?? []).toString())).predictions.map(({ label }) => label);
}

async function askCsv(target: Target, rows: Sample['instances']): Promise<number[]> {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  const { Body } = await target.clients.runtime.send(
    new InvokeEndpointCommand({
      EndpointName: target.name,
      ContentType: 'text/csv',
      Accept: 'text/csv',
      Body: [columns.join(','), ...lines].join('\n'),
    }),
  );
  return Buffer.from(Body ?? [])
    .toString()
    .trim()
    .split('\n')
    .map((line) => (Number(line) >= 0.5 ? 1 : 0));
}
