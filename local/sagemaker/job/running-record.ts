import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Collection } from '../store';
import type { JobRecord } from './jobs';

/** How late a change may be on disk. */
const SOON_MS = 100;

/**
 * The record of a job that runs: on disk as a successor of this program needs it, and here as it is. What can't be
 * written, on a full disk, is true all the same; it is written with whatever comes next.
 */
export class RunningRecord {
  private value: JobRecord;
  private soon: NodeJS.Timeout | undefined;
  private isWritten = true;

  /** Writes it. @throws Error if it can't be written: there is no job then */
  constructor(
    private readonly context: Pick<Context, 'log' | 'now'>,
    private readonly records: Pick<Collection<JobRecord>, 'put'>,
    private readonly name: string,
    first: JobRecord,
  ) {
    this.value = first;
    records.put(name, first);
  }

  get current(): JobRecord {
    return this.value;
  }

  /** Writes it at once. @returns all of it */
  change(members: JsonObject): JobRecord {
    this.take(members);
    this.settle();
    return this.value;
  }

  /** For what no successor asks about: most jobs have ended, and written all of it, before it is written by itself. */
  changeSoon(members: JsonObject): void {
    this.take(members);
    this.soon ??= setTimeout(() => this.settle(), SOON_MS);
  }

  /** Writes what hasn't been written. @returns whether all of it is on disk */
  settle(): boolean {
    clearTimeout(this.soon);
    this.soon = undefined;
    if (this.isWritten) return true;
    try {
      this.records.put(this.name, this.value);
      this.isWritten = true;
    } catch (error) {
      this.context.log(`${this.name}: ${(error as Error).message}`);
    }
    return this.isWritten;
  }

  private take(members: JsonObject): void {
    this.value = { ...this.value, ...members, LastModifiedTime: this.context.now().toISOString() };
    this.isWritten = false;
  }
}
