import { z } from 'zod';
import { compactTime, Decision } from './decision';
import { RolloutJudgement } from './guards/rollout-judgement';
import { OUTCOMES } from './release-state';
import { RecordSha256 } from './seal';

/** What is kept of a release, whatever its outcome. Null says that the fact could not be had. */
export const EvidenceRecord = z.strictObject({
  schema: z.literal(1),
  environment: z.string(),
  model: z.string(),
  outcome: z.enum(OUTCOMES),
  /** Why, when it isn't `released`. */
  failure: z.string().nullable(),
  decision: Decision,
  modelPackage: z
    .strictObject({
      arn: z.string(),
      approval: z.string(),
      approvedBy: z.string().nullable(),
      approvalReason: z.string().nullable(),
      image: z.string().nullable(),
      artefact: z.string().nullable(),
      metricsUri: z.string().nullable(),
      metadata: z.record(z.string(), z.string()),
    })
    .nullable(),
  /** ARN, or `none`. */
  previousRelease: z.string(),
  stack: z.strictObject({ id: z.string(), status: z.string(), templateSha256: z.string().nullable() }),
  /** What was found behind the endpoint when the outcome was judged. */
  endpoint: z.strictObject({
    name: z.string(),
    status: z.string(),
    endpointConfig: z.string().nullable(),
    model: z.string().nullable(),
    modelPackage: z.string(),
  }),
  /** Alarms that went off while the release was on its way, or since it was verified. @default - none */
  alarms: z.array(z.strictObject({ name: z.string(), at: z.string(), reason: z.string() })).optional(),
  /** What the guards had to say. @default - no traffic shifted, or they could not be asked */
  judgement: RolloutJudgement.optional(),
  /** Why the guards could not be asked. @default - they were, or no traffic shifted */
  notJudged: z.string().optional(),
  /** Who said yes, where an environment asks several people; the hashes are those of their records. @default - none */
  approvals: z
    .array(z.strictObject({ person: z.string(), decidedAt: z.string(), reason: z.string(), sha256: z.string() }))
    .optional(),
  startedAt: z.string(),
  settledAt: z.string(),
});
export type EvidenceRecord = z.output<typeof EvidenceRecord>;

/** The record with the SHA-256 over its canonical JSON: keys in order, no spaces. */
export const SealedRecord = EvidenceRecord.extend({ sha256: RecordSha256 });
export type SealedRecord = z.output<typeof SealedRecord>;

/** Folder of the releases of a model, or of all models, in the evidence bucket; without a slash at the end. */
export function releasePrefix(environment: string, model?: string): string {
  return ['releases', environment, model].filter(Boolean).join('/');
}

/** One record a decision: writing it twice writes the same place. */
export function evidenceKey(environment: string, model: string, { decidedAt, version }: Decision): string {
  return `${releasePrefix(environment, model)}/${compactTime(decidedAt)}-${version}.json`;
}

/** Of the record that a release was found gone from the endpoint after it had been verified. */
export function rolledBackKey(environment: string, model: string, decision: Decision): string {
  return evidenceKey(environment, model, decision).replace(/\.json$/, `${ROLLED_BACK_LATER}.json`);
}

/** Ends the name of such a record. */
export const ROLLED_BACK_LATER = '-rolled-back';

/** Beside the records, and not one of them. */
export function stateKey(environment: string, model: string): string {
  return `${releasePrefix(environment, model)}/state.json`;
}
