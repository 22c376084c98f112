/** A request or an answer that its client may be slow with. */
export interface Destroyable {
  destroy(): unknown;
}

/** How often it is looked, at most. */
const LOOK_MS = 1000;

/**
 * Cuts off clients that don't read their answer, or don't end their message, which would hold its memory and its place among
 * the requests for good. All are looked through now and then: nearly all are gone by then, and a timer for each costs more.
 */
export class Patience {
  /** Since when each waits for its client; the oldest first. */
  private readonly waiting = new Map<Destroyable, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param ms that a client has, at least */
  constructor(private readonly ms: number) {}

  /** It is the client's turn. */
  begin(exchange: Destroyable): void {
    this.waiting.set(exchange, performance.now());
    this.timer ??= setInterval(() => this.look(), Math.min(LOOK_MS, this.ms)).unref();
  }

  /** It did its part, or went away. */
  end(exchange: Destroyable): void {
    this.waiting.delete(exchange);
  }

  private look(): void {
    const latest = performance.now() - this.ms;
    for (const [exchange, since] of this.waiting) {
      if (since > latest) break;
      this.waiting.delete(exchange);
      exchange.destroy();
    }
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
