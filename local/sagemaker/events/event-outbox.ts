import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventPublisher } from '../context';
import type { EventTransport, OutgoingEvent } from './event-transport';

/** A request of many small events is still a small one. */
const MOST_AT_ONCE = 64;
/** Of how many events the text is kept in memory: an emulator may be down for long. */
const MOST_IN_MEMORY = 1000;

export interface EventOutboxProps {
  /** Folder that keeps events until they are delivered. No other program writes there. */
  readonly directory: string;
  readonly transport: EventTransport;
  readonly log: (message: string) => void;
  /**
   * Wait before the second attempt, in milliseconds; doubled after each further failure, up to 64 times as long.
   * @default 250
   */
  readonly retryMs?: number;
  /**
   * Least time from one delivery to the next, in milliseconds, unless enough events for a request have gathered before:
   * each request costs the emulator more than the events in it. An event after a pause is delivered at once.
   * @default 100
   */
  readonly gatherMs?: number;
}

interface Waiting {
  /** Of its file. */
  readonly name: string;
  /** @default - it stands in its file only */
  readonly event?: OutgoingEvent;
}

/**
 * Delivers events at least once and in order. An event is on disk before its publication is reported, so neither an
 * emulator that is down nor a killed process loses one; a process that is killed between the delivery and the
 * removal of the file delivers it again.
 */
export class EventOutbox implements EventPublisher {
  private sequence = 0;
  private delivering: Promise<void> | undefined;
  private delivered = Number.NEGATIVE_INFINITY;
  /** What isn't delivered, oldest first. */
  private readonly waiting: Waiting[] = [];
  private readonly stop = new AbortController();
  private wake: () => void = () => {};
  /** How many events have to wait before a pause ends early. */
  private enough = 0;

  constructor(private readonly props: EventOutboxProps) {
    mkdirSync(props.directory, { recursive: true });
  }

  /** Takes up what an earlier process left. */
  start(): void {
    const known = new Set(this.waiting.map(({ name }) => name));
    const names = readdirSync(this.props.directory).filter((name) => name.endsWith('.json') && !known.has(name));
    this.waiting.unshift(
      ...names
        .sort()
        .filter((name) => this.isWhole(name))
        .map((name) => ({ name })),
    );
    this.deliver();
  }

  async publish(event: OutgoingEvent): Promise<void> {
    const name = `${String(Date.now()).padStart(15, '0')}-${String(this.sequence++).padStart(6, '0')}.json`;
    writeFileSync(this.file(name), JSON.stringify(event));
    this.waiting.push({ name, ...(this.waiting.length < MOST_IN_MEMORY && { event }) });
    this.deliver();
  }

  /** Ends the attempts; what isn't delivered yet is delivered by the next process. */
  async close(): Promise<void> {
    this.stop.abort();
    this.wake();
    await this.delivering;
  }

  private deliver(): void {
    if (this.stop.signal.aborted || this.waiting.length === 0) return;
    if (this.waiting.length >= this.enough) this.wake();
    this.delivering ??= this.deliverAll().finally(() => {
      this.delivering = undefined;
      this.deliver();
    });
  }

  private async deliverAll(): Promise<void> {
    const { log, retryMs = 250, gatherMs = 100 } = this.props;
    let failures = 0;
    // As many as have gathered meanwhile; fewer while one of them is refused, until that one stands alone.
    let most = MOST_AT_ONCE;
    // oxlint-disable no-await-in-loop -- in order, one after the other
    while (this.waiting.length > 0 && !this.stop.signal.aborted) {
      if (failures === 0 && most === MOST_AT_ONCE)
        await this.pause(this.delivered + gatherMs - performance.now(), MOST_AT_ONCE);
      if (this.stop.signal.aborted) return;
      this.delivered = performance.now();
      const batch = this.waiting.slice(0, most).map(({ name, event }) => ({ name, event: event ?? this.read(name) }));
      const readable = batch.flatMap(({ event }) => event ?? []);
      const outcome =
        readable.length === batch.length ? await this.props.transport(readable, this.stop.signal) : 'refused';
      if (outcome === 'delivered') {
        for (const { name } of this.waiting.splice(0, batch.length))
          this.settle(name, (file) => rmSync(file, { force: true }));
        failures = 0;
        most = Math.min(MOST_AT_ONCE, most * 2);
      } else if (outcome === 'refused' && batch.length > 1) {
        most = Math.ceil(batch.length / 2);
      } else if (outcome === 'refused') {
        // It would be refused again and hold up all that follow.
        const { name = '' } = this.waiting.shift() ?? {};
        this.settle(name, (file) => renameSync(file, `${file}.refused`));
        log(`event ${name} can't be delivered at all, kept as ${name}.refused`);
        most = MOST_AT_ONCE;
      } else if (!this.stop.signal.aborted) {
        if (failures === 0)
          log(`event ${this.waiting[0]?.name} can't be delivered yet: ${outcome.reason}; trying again`);
        await this.pause(retryMs * 2 ** Math.min(failures++, 6), this.waiting.length + 1);
      }
    }
    // oxlint-enable no-await-in-loop
  }

  /** What can't be put away is delivered, or refused, once more by the next process, and not by this one. */
  private settle(name: string, putAway: (file: string) => void): void {
    try {
      putAway(this.file(name));
    } catch (error) {
      this.props.log(`event ${name} can't be put away, got ${(error as Error).message}`);
    }
  }

  private file(name: string): string {
    return join(this.props.directory, name);
  }

  /** Removes what a process that was killed had just begun to write: it has never said that it was published. */
  private isWhole(name: string): boolean {
    if (statSync(this.file(name)).size > 0) return true;
    rmSync(this.file(name));
    return false;
  }

  /** @returns undefined if the file doesn't hold an event */
  private read(name: string): OutgoingEvent | undefined {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as OutgoingEvent;
    } catch {
      return undefined;
    }
  }

  /** @param enough ends it early once so many events wait; as does closing the outbox */
  private async pause(milliseconds: number, enough: number): Promise<void> {
    if (milliseconds <= 0 || this.waiting.length >= enough) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.enough = enough;
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }
}
