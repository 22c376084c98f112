import { setTimeout as delay } from 'node:timers/promises';
import type { Ask } from './ask-endpoint';
import { Pace } from './pace';
import { TrafficCounter, type TrafficTotals } from './traffic-totals';

export interface GenerateTrafficProps {
  readonly perSecond: number;
  readonly ask: Ask;
  /** Hears of the totals once a second, and of the last ones. */
  readonly report: (totals: TrafficTotals) => void;
  /** No more requests are sent; those under way are waited for. */
  readonly signal: AbortSignal;
  /** @default 1000 */
  readonly reportMs?: number;
  /** Longest wait for the last answers. @default 5000 */
  readonly drainMs?: number;
}

/** Unanswered requests beyond which no more are sent: they would only wait for each other. */
const MOST_UNANSWERED = 100;

/** Sends requests at a steady rate until it is told to stop. */
export async function generateTraffic(props: GenerateTrafficProps): Promise<void> {
  const { perSecond, ask, report, signal, reportMs = 1_000, drainMs = 5_000 } = props;
  const pace = new Pace(perSecond);
  const counter = new TrafficCounter();
  const underWay = new Set<Promise<void>>();
  let refused = 0;
  let row = 0;
  const count = async (answer: ReturnType<Ask>) => counter.answered(await answer);
  const read = () => counter.read(pace.missed + refused);
  const timer = setInterval(() => {
    counter.tick();
    report(read());
  }, reportMs);
  while (!signal.aborted) {
    for (let due = pace.due(performance.now()); due > 0; due -= 1) {
      if (counter.unanswered >= MOST_UNANSWERED) {
        refused += 1;
        continue;
      }
      counter.sent();
      const request = count(ask(row++)).finally(() => underWay.delete(request));
      underWay.add(request);
    }
    await delay(pace.wait(performance.now()), undefined, { signal }).catch(() => undefined);
  }
  clearInterval(timer);
  await Promise.race([Promise.all(underWay), delay(drainMs, undefined, { ref: false })]);
  counter.tick();
  report(read());
}
