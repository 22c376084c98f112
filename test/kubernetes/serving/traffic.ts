import { setTimeout as delay } from 'node:timers/promises';

/** Requests at a steady rate, and how many were answered with which status: 0 counts those without an answer. */
export class Traffic {
  readonly statuses: Record<number, number> = {};
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(
    /** Sends one. @returns its status; undefined where there was nobody to ask */
    private readonly ask: () => Promise<number | undefined>,
    /** @default 10 */
    private readonly perSecond = 10,
  ) {
    this.loop = this.send();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async send(): Promise<void> {
    while (!this.stopped) {
      const status = await this.ask();
      if (status !== undefined) this.statuses[status] = (this.statuses[status] ?? 0) + 1;
      await delay(1000 / this.perSecond);
    }
  }
}
