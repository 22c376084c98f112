import { Faults } from '../../core/faults';
import { EnvironmentReader } from '../environment-reader';
import { MEGABYTE } from '../settings';

const MOST_SHARDS = 100_000;

/** What one pod of an indexed Job is told, by the variables of workloads/common/batch.py. */
export interface BatchSettings {
  /** Of the shard, from 0. */
  readonly index: number;
  readonly shards: number;
  /** Folder with `model.onnx` and `model.json`. */
  readonly modelDirectory: string;
  /** @default - what `model.json` says */
  readonly modelSha256?: string;
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
  const reader = new EnvironmentReader(environment, faults);
  const folder = (name: string): string => {
    const text = reader.text(name);
    if (text === undefined) faults.add(`environment ${name}`, 'must name a folder, got nothing', 'set it');
    return text ?? '';
  };
  const shards = reader.whole('BATCH_SHARDS', [1, MOST_SHARDS]);
  const settings: BatchSettings = {
    shards,
    index: reader.whole('JOB_COMPLETION_INDEX', [0, shards - 1]),
    modelDirectory: reader.modelDirectory,
    modelSha256: reader.modelSha256,
    input: folder('BATCH_INPUT'),
    output: folder('BATCH_OUTPUT'),
    payload: reader.whole('BATCH_PAYLOAD_MB', [1, 100]) * MEGABYTE,
    joinInput: environment.BATCH_JOIN_INPUT === 'true',
  };
  faults.throwIfAny('environment');
  return settings;
}
