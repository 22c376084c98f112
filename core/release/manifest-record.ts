import { z } from 'zod';
import { compactTime } from './decision';
import { EvidenceRecord, releasePrefix } from './evidence';
import { RecordSha256, sha256Of } from './seal';

/**
 * That somebody decided what manifests of a model shall say: a release on Kubernetes, a step of one, or the way back. What
 * became of it is in the history of the file, and in the cluster.
 */
export const ManifestRecord = z.strictObject({
  schema: z.literal(1),
  environment: z.string(),
  model: z.string(),
  /** `release` of a version, a `step` of its candidate, or `back`. */
  change: z.enum(['release', 'step', 'back']),
  /** Of the model package, if the file names it. */
  version: z.number().nullable(),
  /** As the registry had it. Null for a step, which follows a release with its own record. */
  modelPackage: EvidenceRecord.shape.modelPackage,
  /** From the root of the checkout. */
  file: z.string(),
  /** What the model served by the file before, and what it shall serve: releases as literal values. */
  before: z.record(z.string(), z.json()),
  after: z.record(z.string(), z.json()),
  by: z.string(),
  reason: z.string(),
  decidedAt: z.string(),
});
export type ManifestRecord = z.output<typeof ManifestRecord>;
export const SealedManifestRecord = ManifestRecord.extend({ sha256: RecordSha256 });
export type SealedManifestRecord = z.output<typeof SealedManifestRecord>;

/** Where the records of a model are: beside its releases on SageMaker. */
export function manifestPrefix(environment: string, model: string): string {
  return `${releasePrefix(environment, model)}/manifests/`;
}

/** One for each change: two of one second differ in their content. */
export function manifestKey(record: ManifestRecord): string {
  const { environment, model, change, decidedAt } = record;
  const name = `${compactTime(decidedAt)}-${change}-${sha256Of(record).slice(0, 8)}`;
  return `${manifestPrefix(environment, model)}${name}.json`;
}
