import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Collection } from '../store';
import type { JobRecord } from './jobs';

/** How late a change may be on disk. */
const SOON_MS = 100;

/** The record of a job that runs: on disk as a successor of this program needs it, and here as it is. */
export class RunningRecord {
  private value: JobRecord;
  private soon: NodeJS.Timeout | undefined;

  /** Writes it. */
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

  /** @returns all of it, which is on disk */
  change(members: JsonObject): JobRecord {
    this.take(members);
    this.write();
    return this.value;
  }

  /** For what no successor asks about: most jobs have ended, and written all of it, before it is written by itself. */
  changeSoon(members: JsonObject): void {
    this.take(members);
    this.soon ??= setTimeout(() => this.writeIfPossible(), SOON_MS);
  }

  /** Writes what hasn't been written: nothing comes after it. */
  settle(): void {
    if (this.soon) this.writeIfPossible();
  }

  private take(members: JsonObject): void {
    this.value = { ...this.value, ...members, LastModifiedTime: this.context.now().toISOString() };
  }

  private write(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.records.put(this.name, this.value);
  }

  private writeIfPossible(): void {
    try {
      this.write();
    } catch (error) {
      // The end of the job has to be written, and fails again.
      this.context.log(`${this.name}: ${(error as Error).message}`);
    }
  }
}
