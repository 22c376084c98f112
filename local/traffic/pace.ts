/** Requests at a steady rate, whether or not earlier ones have been answered: a slow model must not be spared. */
export class Pace {
  private begun: number | undefined;
  private counted = 0;
  private left = 0;

  /** @param perSecond above 0 */
  constructor(private readonly perSecond: number) {}

  /** Requests that were due and could not be sent, because this process didn't get its turn for over a second. */
  get missed(): number {
    return this.left;
  }

  /**
   * How many requests are due at this moment.
   * @param now in milliseconds, from any start, and never back
   */
  due(now: number): number {
    this.begun ??= now;
    const all = Math.floor(((now - this.begun) * this.perSecond) / 1000) + 1;
    const due = all - this.counted;
    this.counted = all;
    // More than a second's worth at once would be a burst, not a steady rate.
    const most = Math.max(1, Math.ceil(this.perSecond));
    this.left += Math.max(0, due - most);
    return Math.min(due, most);
  }

  /** Milliseconds until the next request is due. */
  wait(now: number): number {
    const next = (this.begun ?? now) + (this.counted * 1000) / this.perSecond;
    return Math.max(0, next - now);
  }
}
