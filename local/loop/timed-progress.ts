import type { PhaseTitle, Progress, Say } from './progress';
import type { Summary } from './summary';

/** Passes phases on and keeps the time that each took. */
export class TimedProgress implements Progress {
  readonly phases: Summary['phases'] = [];
  private readonly startedAt: Date;

  constructor(
    private readonly inner: Progress,
    private readonly now: () => Date,
  ) {
    this.startedAt = now();
  }

  async phase<T>(title: PhaseTitle, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T> {
    const began = this.now().getTime();
    const result = await this.inner.phase(title, work, done);
    this.phases.push({ title, seconds: (this.now().getTime() - began) / 1000 });
    return result;
  }

  /** What a summary says of time. */
  get times(): Pick<Summary, 'startedAt' | 'seconds' | 'phases'> {
    return {
      startedAt: this.startedAt.toISOString(),
      seconds: (this.now().getTime() - this.startedAt.getTime()) / 1000,
      phases: [...this.phases],
    };
  }
}
