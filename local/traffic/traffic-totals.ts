import { z } from 'zod';
import { percentile } from '../percentile';

const count = z.int().min(0);

/** What became of the requests so far. */
export const TrafficTotals = z.strictObject({
  sent: count,
  succeeded: count,
  failed: count,
  /** Due, and not sent: the machine was too busy, or too many were unanswered. */
  missed: count,
  /** Answers that agree with the truth. */
  correct: count,
  /** Failures by HTTP status of the model or the service, or by the error's name where there was no answer. */
  failures: z.record(z.string(), count),
  /** Of the last second, in milliseconds; null without an answer. */
  p50Ms: z.number().min(0).nullable(),
  p99Ms: z.number().min(0).nullable(),
});
export type TrafficTotals = z.output<typeof TrafficTotals>;

export type Answered =
  | { readonly kind: 'succeeded'; readonly milliseconds: number; readonly correct: boolean }
  | { readonly kind: 'failed'; readonly milliseconds: number; readonly why: string };

/** Adds up answers. */
export class TrafficCounter {
  private totals = { sent: 0, succeeded: 0, failed: 0, correct: 0 };
  private readonly failures: Record<string, number> = {};
  private milliseconds: number[] = [];
  private last: { p50Ms: number | null; p99Ms: number | null } = { p50Ms: null, p99Ms: null };

  sent(): void {
    this.totals.sent += 1;
  }

  get unanswered(): number {
    return this.totals.sent - this.totals.succeeded - this.totals.failed;
  }

  answered(answer: Answered): void {
    this.totals[answer.kind] += 1;
    this.milliseconds.push(answer.milliseconds);
    if (answer.kind === 'failed') this.failures[answer.why] = (this.failures[answer.why] ?? 0) + 1;
    else if (answer.correct) this.totals.correct += 1;
  }

  /** Ends the present second. */
  tick(): void {
    const values = this.milliseconds;
    this.milliseconds = [];
    const at = (percent: number) => (values.length === 0 ? null : percentile(values, percent));
    this.last = { p50Ms: at(50), p99Ms: at(99) };
  }

  read(missed: number): TrafficTotals {
    return { ...this.totals, missed, failures: { ...this.failures }, ...this.last };
  }
}
