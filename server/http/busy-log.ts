import type { FastifyBaseLogger } from 'fastify';

/** Standard output is written at once: a line a refusal would take the time that there is too little of already. */
const LINE_SECONDS = 1;

/** Tells of requests that were refused as there was too much to do: the first at once, then a line a second at most. */
export class BusyLog {
  private untold = 0;
  private toldAt = Number.NEGATIVE_INFINITY;

  /** @param now in seconds */
  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  tell(log: Pick<FastifyBaseLogger, 'warn'>, message: string): void {
    this.untold += 1;
    const now = this.now();
    if (now - this.toldAt < LINE_SECONDS) return;
    log.warn({ status: 429, refused: this.untold }, message);
    this.untold = 0;
    this.toldAt = now;
  }
}
