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
  /** Milliseconds of those, as the client saw them; 0 if there was none. */
  readonly p50: number;
  readonly p99: number;
  /** Other answers, timeouts and broken connections. */
  readonly failed: number;
}

const ANSWER_SECONDS = 10;

/** Every connection sends its next request as soon as it has the answer to the one before. */
export async function load({ url, body, connections, seconds }: LoadProps): Promise<LoadResult> {
  const milliseconds: number[] = [];
  const begun = performance.now();
  let last = begun;
  // Autocannon's own percentiles are whole milliseconds.
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
    timeout: ANSWER_SECONDS,
  }).on('response', (_, status, __, took) => {
    last = performance.now();
    if (status >= 200 && status < 300) milliseconds.push(took);
  });
  const percentile = (share: number) => (milliseconds.length === 0 ? 0 : quantile(milliseconds, share));
  return {
    perSecond: milliseconds.length === 0 ? 0 : (milliseconds.length * 1000) / (last - begun),
    p50: percentile(0.5),
    p99: percentile(0.99),
    failed: result.errors + result.non2xx,
  };
}
