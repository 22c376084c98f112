import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { median, percentile } from '../percentile';

export interface ClosedLoopProps {
  /** `http://127.0.0.1:PORT` of a model server. */
  readonly url: string;
  /** Sent to /invocations over and over, one after the other. */
  readonly bodies: readonly string[];
  readonly contentType: string;
  /** Requests under way at any time, from 1. */
  readonly concurrency: number;
  /** Before anything is counted. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** @default - none */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of a clock that never goes back. @default - the machine's */
  readonly now?: () => number;
}

/** What one window showed. */
export interface Window {
  /** Answered with 200, in the window. */
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/**
 * Keeps so many requests under way at a server and measures the answers that come within the window. A closed loop asks
 * less when the server is slow, so it says nothing of a queue: what is made of it needs head-room.
 */
export async function closedLoop(props: ClosedLoopProps): Promise<Window> {
  const { bodies, concurrency, warmUpMs, windowMs, signal, now: clock = () => performance.now() } = props;
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const begins = clock() + warmUpMs;
  const ends = begins + windowMs;
  const times: number[] = [];
  let failed = 0;
  let turn = 0;
  const ask = async () => {
    while (clock() < ends) {
      if (signal?.aborted === true) return;
      const sent = clock();
      const ok = await post(props, agent, bodies[turn++ % bodies.length] ?? '');
      const now = clock();
      const counts = now >= begins && now <= ends;
      if (counts && ok) times.push(now - sent);
      if (counts && !ok) failed += 1;
      // A server that refuses at once would be asked without a pause.
      if (!ok) await delay(FAILURE_PAUSE_MS);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, ask));
  } finally {
    agent.destroy();
  }
  return {
    answered: times.length,
    failed,
    perSecond: times.length / (windowMs / 1000),
    medianMs: median(times),
    p99Ms: percentile(times, 99),
  };
}

const FAILURE_PAUSE_MS = 10;
/** Longer than any model server may take; SageMaker gives an answer up after 60 seconds. */
const TIMEOUT_MS = 60_000;

function post({ url, contentType }: ClosedLoopProps, agent: Agent, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': contentType, accept: contentType, 'content-length': Buffer.byteLength(body) };
    const sent = request(`${url}/invocations`, { method: 'POST', agent, headers, timeout: TIMEOUT_MS }, (response) => {
      response.on('error', () => resolve(false));
      response.on('end', () => resolve(response.statusCode === 200));
      response.resume();
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(false));
    sent.end(body);
  });
}
