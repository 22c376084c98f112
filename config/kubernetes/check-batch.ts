import type { Faults } from '../../core/faults';
import type { ModelSpec } from '../model-spec';
import type { ServingOf } from '../serving';
import { kubernetesCron } from './cron';
import type { ModelOnKubernetes } from './model';

/** Adds what of a batch the pods of an indexed Job can't do. */
export function checkBatchOnKubernetes(
  model: string,
  { rollout, server }: Pick<ModelSpec, 'rollout' | 'server'>,
  { batch, grpc, runtime }: ModelOnKubernetes,
  { contentType, splitType, schedule }: ServingOf<'batch'>,
  faults: Faults,
): void {
  const at = (path: string) => `config/models.ts: ${model}.${path}`;
  if (!batch) {
    faults.add(
      at('kubernetes.batch'),
      'a batch reads and writes a volume, got nothing',
      'name the claim of the volume as batch.claim',
    );
  }
  if (rollout.kind !== 'allAtOnce') {
    faults.add(
      at('rollout'),
      `a batch has no traffic to shift, got ${rollout.kind}`,
      'use allAtOnce: the next job uses the new release',
    );
  }
  if (runtime !== 'python' && runtime !== 'onnx') {
    faults.add(
      at('kubernetes.runtime'),
      `files are answered by python and onnx only, got ${runtime}`,
      'use one of them',
    );
  } else if (runtime !== server) {
    faults.add(
      at('kubernetes.runtime'),
      `must be the server that versions are registered with, ${server}, got ${runtime}`,
      `use ${server}, or change the model's server`,
    );
  }
  if (grpc) {
    faults.add(at('kubernetes.grpc'), 'nobody calls the pods of a batch, got true', 'leave it out');
  }
  if (contentType !== 'text/csv') {
    faults.add(
      at('serving.contentType'),
      `a batch on Kubernetes answers text/csv, got ${contentType}`,
      'use text/csv, or serve it on the plane sagemaker only',
    );
  }
  if (splitType !== 'Line') {
    faults.add(
      at('serving.splitType'),
      `a row is a line in a batch on Kubernetes, got ${splitType}`,
      'use Line, or serve it on the plane sagemaker only',
    );
  }
  const cron = schedule === undefined ? undefined : kubernetesCron(schedule);
  if (cron && 'problem' in cron) faults.add(at('serving.schedule'), cron.problem, cron.fix);
}
