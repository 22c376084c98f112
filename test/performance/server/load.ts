import autocannon from 'autocannon';
import { quantile } from '../measure/sample';

export interface LoadProps {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** Answers with a status of 200 to 299. */
  readonly perSecond: number;
  /** The same, all of them. */
  readonly answers: number;
  /** Milliseconds of those, as the client saw them; 0 if there was none. */
  readonly p50: number;
  readonly p99: number;
  /** Other answers, timeouts and broken connections; where nothing was answered, what was still waited for. */
  readonly failed: number;
}

const ANSWER_SECONDS = 10;
/** It ends at a sample only, so its default of 1 s would add up to a second to each measurement. */
const SAMPLE_MS = 100;
const SETTLE_SECONDS = 120;
const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/**
 * Every connection sends its next request as soon as it has the answer to the one before.
 * @throws Error if the server doesn't answer a single request before it begins
 */
export async function load({ url, body, connections, seconds }: LoadProps): Promise<LoadResult> {
  await settled(url, body);
  const milliseconds: number[] = [];
  const begun = performance.now();
  let last = begun;
  // Autocannon's own percentiles are whole milliseconds.
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: HEADERS,
    body,
    timeout: ANSWER_SECONDS,
    sampleInt: SAMPLE_MS,
  }).on('response', (_, status, __, took) => {
    last = performance.now();
    if (status >= 200 && status < 300) milliseconds.push(took);
  });
  const percentile = (share: number) => (milliseconds.length === 0 ? 0 : quantile(milliseconds, share));
  return {
    perSecond: milliseconds.length === 0 ? 0 : (milliseconds.length * 1000) / (last - begun),
    answers: milliseconds.length,
    p50: percentile(0.5),
    p99: percentile(0.99),
    failed: result.errors + result.non2xx + (milliseconds.length === 0 ? connections : 0),
  };
}

/**
 * Waits for one answer. The measurement before broke its connections off, and a server that doesn't see that works on:
 * 256 requests of 15 ms keep it for longer than the next measurement takes.
 */
async function settled(url: string, body: string): Promise<void> {
  const signal = AbortSignal.timeout(SETTLE_SECONDS * 1000);
  const headers = { ...HEADERS, connection: 'close' };
  try {
    await (await fetch(url, { method: 'POST', headers, body, signal })).arrayBuffer();
  } catch (cause) {
    throw new Error(`${url}: must answer before it is measured, got ${String(cause)}; see its log`, { cause });
  }
}
