import type { ServerResponse } from 'node:http';

/** How often it is looked, at most. */
const LOOK_MS = 1000;

/**
 * Cuts off clients that don't read their answer, which would hold its memory and its place among the requests for good.
 * Answers are looked through now and then: nearly all are gone by then, and a timer for each costs more than that.
 */
export class Patience {
  /** When each was given to its client; the oldest first. */
  private readonly unread = new Map<ServerResponse, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param ms that a client has to read, at least */
  constructor(private readonly ms: number) {}

  /** An answer is about to be sent. */
  begin(response: ServerResponse): void {
    this.unread.set(response, performance.now());
    this.timer ??= setInterval(() => this.look(), Math.min(LOOK_MS, this.ms)).unref();
  }

  /** It was read, or its client went away. */
  end(response: ServerResponse): void {
    this.unread.delete(response);
  }

  private look(): void {
    const latest = performance.now() - this.ms;
    for (const [response, since] of this.unread) {
      if (since > latest) break;
      this.unread.delete(response);
      response.destroy();
    }
    if (this.unread.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
