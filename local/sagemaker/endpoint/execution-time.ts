import type { Clock } from './clock';

/**
 * What a deployment has used of its MaximumExecutionTimeoutInSeconds. Waits go by faster on a clock that is sped up;
 * servers don't start any faster, and alarms aren't read
 * any faster, so the time that they take counts as it is.
 */
export class ExecutionTime {
  private rate = 1;
  private since: number;

  /** @param before seconds that an earlier program has used: while none runs, nothing is counted */
  constructor(
    private readonly limitSeconds: number,
    private before: number,
    private readonly clock: Clock,
  ) {
    this.since = clock.now();
  }

  /** From now on a second of the machine counts as so many. */
  countAt(rate: number): void {
    this.before = this.spentSeconds;
    this.since = this.clock.now();
    this.rate = rate;
  }

  get spentSeconds(): number {
    return this.before + ((this.clock.now() - this.since) / 1_000) * this.rate;
  }

  /** Of the machine's clock. */
  get leftMs(): number {
    return ((this.limitSeconds - this.spentSeconds) * 1_000) / this.rate;
  }

  get timeout(): string {
    return `The deployment exceeded its MaximumExecutionTimeoutInSeconds of ${this.limitSeconds} seconds`;
  }
}
