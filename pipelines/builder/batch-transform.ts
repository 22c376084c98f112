import type { BatchTransformStep, Reference } from '../definition';
import { job } from './members';
import type { JobOptions } from './options';

export type BatchTransformOptions = Omit<JobOptions, 'cacheDays' | 'image'> &
  Pick<BatchTransformStep, 'model' | 'script' | 'input'> &
  Partial<Pick<BatchTransformStep, 'image' | 'records' | 'environment'>>;

/** As CreateTransformJob has them, but for the split. */
const RECORDS: BatchTransformStep['records'] = {
  contentType: 'text/csv',
  splitType: 'Line',
  strategy: 'MultiRecord',
  maxPayloadMb: 6,
  maxConcurrentTransforms: 1,
  joinInput: true,
};

/** Asks a trained model about a folder of files, on machines that come and go with the step. */
export function batchTransform(
  name: string,
  options: BatchTransformOptions,
): BatchTransformStep & { readonly answers: Reference } {
  const { image, model, script, input, records = RECORDS, environment = {}, ...machines } = options;
  const { cacheDays: _, ...members } = job(name, machines);
  return {
    ...members,
    kind: 'batchTransform',
    ...(image !== undefined && { image }),
    model,
    script,
    input,
    records,
    environment,
    answers: { kind: 'answers', step: name },
  };
}
