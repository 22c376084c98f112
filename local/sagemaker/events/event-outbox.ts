import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventPublisher } from '../context';
import type { EventTransport, OutgoingEvent } from './event-transport';

/** A request of many small events is still a small one. */
const MOST_AT_ONCE = 64;

export interface EventOutboxProps {
  /** Folder that keeps events until they are delivered. */
  readonly directory: string;
  readonly transport: EventTransport;
  readonly log: (message: string) => void;
  /**
   * Wait before the second attempt, in milliseconds; doubled after each further failure, up to 64 times as long.
   * @default 250
   */
  readonly retryMs?: number;
}

/**
 * Delivers events at least once and in order. An event is on disk before its publication is reported, so neither an
 * emulator that is down nor a killed process loses one; a process that is killed between the delivery and the
 * removal of the file delivers it again.
 */
export class EventOutbox implements EventPublisher {
  private sequence = 0;
  private delivering: Promise<void> | undefined;
  private readonly stop = new AbortController();
  private wake: () => void = () => {};

  constructor(private readonly props: EventOutboxProps) {}

  /** Takes up what an earlier process left. */
  start(): void {
    mkdirSync(this.props.directory, { recursive: true });
    this.deliver();
  }

  async publish(event: OutgoingEvent): Promise<void> {
    const { directory } = this.props;
    mkdirSync(directory, { recursive: true });
    const name = `${String(Date.now()).padStart(15, '0')}-${String(this.sequence++).padStart(6, '0')}.json`;
    const draft = join(directory, `${name}.draft`);
    writeFileSync(draft, JSON.stringify(event));
    renameSync(draft, join(directory, name));
    this.deliver();
  }

  /** Ends the attempts; what isn't delivered yet is delivered by the next process. */
  async close(): Promise<void> {
    this.stop.abort();
    this.wake();
    await this.delivering;
  }

  private deliver(): void {
    if (this.stop.signal.aborted) return;
    this.wake();
    this.delivering ??= this.deliverAll().finally(() => {
      this.delivering = undefined;
      if (this.waiting().length > 0) this.deliver();
    });
  }

  private async deliverAll(): Promise<void> {
    const { log, retryMs = 250 } = this.props;
    let failures = 0;
    // As many as have gathered meanwhile; fewer while one of them is refused, until that one stands alone.
    let most = MOST_AT_ONCE;
    for (let names = this.waiting(); names.length > 0 && !this.stop.signal.aborted; names = this.waiting()) {
      // oxlint-disable no-await-in-loop -- in order, one after the other
      const batch = names.slice(0, most).map((name) => ({ name, event: readEvent(this.file(name)) }));
      const readable = batch.flatMap(({ event }) => event ?? []);
      const outcome =
        readable.length === batch.length ? await this.props.transport(readable, this.stop.signal) : 'refused';
      if (outcome === 'delivered') {
        for (const { name } of batch) rmSync(this.file(name), { force: true });
        failures = 0;
        most = Math.min(MOST_AT_ONCE, most * 2);
      } else if (outcome === 'refused' && batch.length > 1) {
        most = Math.ceil(batch.length / 2);
      } else if (outcome === 'refused') {
        // It would be refused again and hold up all that follow.
        const [name] = names;
        renameSync(this.file(name ?? ''), `${this.file(name ?? '')}.refused`);
        log(`event ${name} can't be delivered at all, kept as ${name}.refused`);
        most = MOST_AT_ONCE;
      } else if (!this.stop.signal.aborted) {
        if (failures === 0) log(`event ${names[0]} can't be delivered yet: ${outcome.reason}; trying again`);
        await this.pause(retryMs * 2 ** Math.min(failures++, 6));
      }
      // oxlint-enable no-await-in-loop
    }
  }

  private file(name: string): string {
    return join(this.props.directory, name);
  }

  /** Names of undelivered events, oldest first. */
  private waiting(): string[] {
    try {
      return readdirSync(this.props.directory)
        .filter((name) => name.endsWith('.json'))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Ends early when a new event comes or the outbox is closed. */
  private async pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }
}

/** @returns undefined if the file doesn't hold an event */
function readEvent(file: string): OutgoingEvent | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as OutgoingEvent;
  } catch {
    return undefined;
  }
}
