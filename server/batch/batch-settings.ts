import { Faults } from '../../core/faults';
import { MEGABYTE } from '../settings';

const MOST_SHARDS = 100_000;

/** What one pod of an indexed Job is told, by the variables of workloads/common/batch.py. */
export interface BatchSettings {
  /** Of the shard, from 0. */
  readonly index: number;
  readonly shards: number;
  readonly input: string;
  readonly output: string;
  /** Bytes of rows that the model is given at a time. */
  readonly payload: number;
  /** Whether an answer stands behind its row, or alone. */
  readonly joinInput: boolean;
}

/** @throws InvalidInputError that names every variable with an illegal value */
export function parseBatchSettings(environment: Readonly<Record<string, string | undefined>>): BatchSettings {
  const faults = new Faults();
  const whole = (name: string, low: number, high: number): number => {
    const text = environment[name] ?? '';
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    const got = text === '' ? 'nothing' : text;
    faults.add(`environment ${name}`, `must be a whole number from ${low} to ${high}, got ${got}`, 'set it');
    return low;
  };
  const folder = (name: string): string => {
    const text = environment[name] ?? '';
    if (text === '') faults.add(`environment ${name}`, 'must name a folder, got nothing', 'set it');
    return text;
  };
  const shards = whole('BATCH_SHARDS', 1, MOST_SHARDS);
  const settings: BatchSettings = {
    shards,
    index: whole('JOB_COMPLETION_INDEX', 0, shards - 1),
    input: folder('BATCH_INPUT'),
    output: folder('BATCH_OUTPUT'),
    payload: whole('BATCH_PAYLOAD_MB', 1, 100) * MEGABYTE,
    joinInput: environment.BATCH_JOIN_INPUT === 'true',
  };
  faults.throwIfAny('environment');
  return settings;
}
