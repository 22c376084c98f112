import type { PhaseTitle, Progress, Say } from './progress';
import type { Summary } from './summary';

/** Passes phases on and keeps the time that each took. */
export class TimedProgress implements Progress {
  private readonly ended: Summary['phases'] = [];
  private readonly startedAt: Date;

  constructor(
    private readonly inner: Progress,
    private readonly now: () => Date,
  ) {
    this.startedAt = now();
  }

  async phase<T>(title: PhaseTitle, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T> {
    let from = this.seconds;
    const result = await this.inner.phase(
      title,
      (say) => {
        from = this.seconds;
        return work(say);
      },
      done,
    );
    this.ended.push({ title, from, seconds: this.seconds - from });
    return result;
  }

  /** In the order in which they began; some run beside each other. */
  get phases(): Summary['phases'] {
    return this.ended.toSorted((a, b) => a.from - b.from);
  }

  /** Since the start. */
  private get seconds(): number {
    return (this.now().getTime() - this.startedAt.getTime()) / 1000;
  }

  /** What a summary says of time. */
  get times(): Pick<Summary, 'startedAt' | 'seconds' | 'phases'> {
    return {
      startedAt: this.startedAt.toISOString(),
      seconds: this.seconds,
      phases: this.phases,
    };
  }
}
