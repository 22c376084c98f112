import type { Journal, Store } from '../store';
import { type ExecutionRecord, executionId, type StepRecord } from './execution-record';

/**
 * What the steps of running executions come to, a line for each change. The record of an execution holds all of its
 * steps; written anew for each, it would have a long pipeline take quadratic time. So it is written when something else
 * about the execution changes, and what has happened to its steps since stands here.
 */
export class StepJournal {
  private readonly lines: Journal<StepRecord>;

  constructor(store: Store) {
    this.lines = store.journal('pipeline-execution-steps');
  }

  add(executionArn: string, steps: readonly StepRecord[]): void {
    this.lines.append(executionId(executionArn), steps);
  }

  /** The record as it would be, had it been written at every change. */
  complete(record: ExecutionRecord): ExecutionRecord {
    const lines = this.lines.read(executionId(record.PipelineExecutionArn));
    if (lines.length === 0) return record;
    const steps = new Map([...record.Steps, ...lines].map((step) => [step.StepName, step]));
    const times = [...steps.values()].map(({ StartTime, EndTime }) => EndTime ?? StartTime);
    const LastModifiedTime = times.reduce((a, b) => (a < b ? b : a), record.LastModifiedTime);
    return { ...record, LastModifiedTime, Steps: [...steps.values()] };
  }

  /** To be called once the record that holds all of it has been written. */
  clear(executionArn: string): void {
    this.lines.delete(executionId(executionArn));
  }
}
