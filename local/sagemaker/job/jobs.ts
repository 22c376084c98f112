import { setMaxListeners } from 'node:events';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { JsonObject } from '../../../core/json';
import { Container } from '../../container/container';
import { arn } from '../api/arn';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import type { Collection } from '../store';
import { JobDirectory } from './job-directory';
import { JobError, ServerClosing } from './job-error';
import { jobStateChange } from './job-event';
import { JOB_NOUNS, JOB_RESOURCE, type JobNoun, type JobStatus } from './job-noun';
import type { JobEnd, JobRunner } from './job-runner';
import type { AbortReason } from './run-command';
import { RunningRecord } from './running-record';
import { text } from './text';
import { unsupported } from './unsupported';

/** A job as its Describe action shows it. */
export type JobRecord = JsonObject & { readonly CreationTime: string; readonly LastModifiedTime: string };

interface Running {
  readonly abort: AbortController;
  readonly record: RunningRecord;
  readonly ended: Promise<JobRecord>;
}

/** How long orphans of a killed server have to end. */
const ORPHAN_GRACE_MS = 5000;
const REASON_CHARACTERS = 1024;

/** All jobs: those that run, and the records of those that have ended. */
export class Jobs {
  private readonly runners = new Map<JobNoun, JobRunner<JsonObject>>();
  private readonly running = new Map<string, Running>();
  private readonly closing = new AbortController();

  constructor(private readonly context: Context) {
    // Every running job listens, however many there are.
    setMaxListeners(0, this.closing.signal);
  }

  /** Runners are added after the jobs are made, because a tuning job starts training jobs. */
  add(...runners: readonly JobRunner<never>[]): void {
    for (const runner of runners) this.runners.set(runner.noun, runner);
  }

  records(noun: JobNoun): Collection<JobRecord> {
    return this.context.store.collection<JobRecord>(JOB_RESOURCE[noun]);
  }

  /**
   * Starts a job; it goes on by itself.
   * @returns its ARN
   * @throws ServiceError if the request can't be run or the name is taken
   */
  start(noun: JobNoun, request: JsonObject): string {
    const runner = this.runners.get(noun);
    if (!runner) throw new Error(`no runner for ${noun}`);
    const name = text(request[`${noun}Name`]);
    if (this.closing.signal.aborted) throw new ServerClosing();
    const faults = [...unsupported(noun, request, name), ...runner.faults(request)];
    if (faults.length > 0) throw new ServiceError('ValidationException', faults.join('\n'));
    const taken = JOB_NOUNS.find((other) => this.records(other).has(name));
    if (taken)
      throw new ServiceError('ResourceInUse', `${noun} ${name}: the name is taken by a ${taken}; choose another`);
    const jobArn = arn(this.context, `${JOB_RESOURCE[noun]}/${name}`);
    const now = this.context.now().toISOString();
    const described = runner.describe(request);
    const record = new RunningRecord(this.context, this.records(noun), name, {
      ...described,
      [`${noun}Name`]: name,
      [`${noun}Arn`]: jobArn,
      [`${noun}Status`]: 'InProgress' satisfies JobStatus,
      CreationTime: now,
      LastModifiedTime: now,
    });
    this.announce(noun, record.current);
    const abort = new AbortController();
    const directory = JobDirectory.of(this.context.store, name);
    const update = (members: JsonObject) => record.changeSoon(members);
    const job = { name, arn: jobArn, request, directory, signal: abort.signal, closing: this.closing.signal, update };
    const ended = this.runToEnd(() => runner.run(job), abort.signal)
      .then(async ({ status, members }) => {
        if (status === 'Completed') await this.discardData(directory);
        const last = record.change({ ...members, ...endTime(noun, this.context.now()), [`${noun}Status`]: status });
        this.announce(noun, last);
        return last;
      })
      .finally(() => {
        // What can't be written down is at least remembered.
        if (record.settle()) this.running.delete(key(noun, name));
      });
    // Whoever waits for the job hears of it; without this line a closing server would die of it when nobody waits.
    ended.catch(() => {});
    this.running.set(key(noun, name), { abort, record, ended });
    return jobArn;
  }

  /**
   * @returns the record of the job once it has ended
   * @throws ServerClosing
   */
  async ended(noun: JobNoun, name: string): Promise<JobRecord> {
    return this.running.get(key(noun, name))?.ended ?? this.describe(noun, name);
  }

  /** @throws ServiceError */
  describe(noun: JobNoun, name: string): JobRecord {
    const record = this.running.get(key(noun, name))?.record.current ?? this.records(noun).get(name);
    if (!record) throw new ServiceError('ResourceNotFound', `Requested resource not found: ${noun} ${name}.`);
    return record;
  }

  /** All jobs of a kind, by name. */
  list(noun: JobNoun): JobRecord[] {
    return this.records(noun)
      .list()
      .map((record) => this.running.get(key(noun, text(record[`${noun}Name`])))?.record.current ?? record);
  }

  /** Asks a job to end; a job that has ended stays as it is. */
  stop(noun: JobNoun, name: string): void {
    const record = this.describe(noun, name);
    const running = this.running.get(key(noun, name));
    if (record[`${noun}Status`] !== 'InProgress' || !running) return;
    running.record.change({ [`${noun}Status`]: 'Stopping' });
    running.abort.abort('stop' satisfies AbortReason);
  }

  /** Ends the processes that a killed server left behind, and writes down that their jobs have failed. */
  async resume(): Promise<void> {
    const left = JOB_NOUNS.flatMap((noun) =>
      this.records(noun)
        .list()
        .filter((record) => ['InProgress', 'Stopping'].includes(text(record[`${noun}Status`])))
        .map((record) => ({ noun, record, name: text(record[`${noun}Name`]) })),
    );
    await Promise.all(
      left.map(async ({ noun, record, name }) => {
        await Container.stopOrphan(JobDirectory.of(this.context.store, name).root, ORPHAN_GRACE_MS);
        const stopping = record[`${noun}Status`] === 'Stopping';
        const last = {
          ...record,
          ...endTime(noun, this.context.now()),
          [`${noun}Status`]: stopping ? 'Stopped' : 'Failed',
          ...(!stopping && { FailureReason: 'InternalServerError: the server was ended while the job ran' }),
        };
        this.records(noun).put(name, last);
        this.announce(noun, last);
      }),
    );
  }

  /** Ends every running job without a trace in its record: the next server finds it as it was. */
  async close(): Promise<void> {
    this.closing.abort();
    const running = [...this.running.values()];
    for (const { abort } of running) abort.abort('close' satisfies AbortReason);
    await Promise.allSettled(running.map(({ ended }) => ended));
    for (const { record } of running) record.settle();
  }

  private announce(noun: JobNoun, record: JobRecord): void {
    this.context.events.publish(jobStateChange(noun, record)).catch((error: unknown) => {
      this.context.log(`${text(record[`${noun}Arn`])}: its event can't be published, got ${(error as Error).message}`);
    });
  }

  private async runToEnd(
    run: () => Promise<JobEnd>,
    signal: AbortSignal,
  ): Promise<{ status: JobStatus; members: JsonObject }> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof ServerClosing || (signal.aborted && signal.reason === 'close')) throw new ServerClosing();
      if (signal.aborted) return { status: 'Stopped', members: {} };
      const { blame, message, members } = asJobError(error);
      return {
        status: 'Failed',
        members: { ...members, FailureReason: `${blame}: ${message}`.slice(0, REASON_CHARACTERS + 64) },
      };
    }
  }

  private async discardData(directory: JobDirectory): Promise<void> {
    try {
      await directory.discardData();
    } catch (error) {
      this.context.log(`${directory.root}: can't free the disk, got ${(error as Error).message}`);
    }
  }
}

function key(noun: JobNoun, name: string): string {
  return `${noun}/${name}`;
}

function endTime(noun: JobNoun, now: Date): JsonObject {
  // Processing and training jobs say themselves when their containers ended.
  const members: Partial<Record<JobNoun, string>> = {
    HyperParameterTuningJob: 'HyperParameterTuningEndTime',
    TransformJob: 'TransformEndTime',
  };
  const member = members[noun];
  return member ? { [member]: now.toISOString() } : {};
}

/** What the client can mend, such as a bucket or a model that isn't there, is the client's fault; the rest is ours. */
function asJobError(error: unknown): JobError {
  if (error instanceof JobError) return error;
  const { message, code, $fault } = error as NodeJS.ErrnoException & { $fault?: string };
  const isRefusal = error instanceof InvalidInputError || (error instanceof ServiceError && error.statusCode < 500);
  if (isRefusal || $fault === 'client') return new JobError('ClientError', message);
  const fix = code === 'ENOSPC' ? '; free some disk space and run it again' : '';
  return new JobError('InternalServerError', `${message}${fix}`);
}
