import { z } from 'zod';
import { compactTime } from './decision';
import { releasePrefix } from './evidence';
import { RecordSha256 } from './seal';

/** That somebody let a variant serve a version, or none of its own, and what became of it. */
export const VariantRecord = z.strictObject({
  schema: z.literal(1),
  environment: z.string(),
  model: z.string(),
  variant: z.string(),
  /** `started` when the stack's update was asked for; another record says how it ended. */
  outcome: z.enum(['started', 'serves', 'rolled-back']),
  /** Why, when it went back. */
  failure: z.string().nullable(),
  /** ARN, or `none`. */
  modelPackage: z.string(),
  /** What the variant was meant to serve before: ARN, or `none`. */
  previous: z.string(),
  /** ARN of what was live meanwhile, or `none`. */
  live: z.string(),
  by: z.string(),
  reason: z.string(),
  stack: z.strictObject({ id: z.string(), status: z.string(), templateSha256: z.string() }),
  decidedAt: z.string(),
  recordedAt: z.string(),
});
export type VariantRecord = z.output<typeof VariantRecord>;
export const SealedVariantRecord = VariantRecord.extend({ sha256: RecordSha256 });
export type SealedVariantRecord = z.output<typeof SealedVariantRecord>;

/** Beside the releases of the model, in a folder for each variant. */
export function variantKey({ environment, model, variant, decidedAt, outcome }: VariantRecord): string {
  return `${variantPrefix(environment, model, variant)}${compactTime(decidedAt)}-${outcome}.json`;
}

/** Of the records of one variant, with a slash at the end. */
export function variantPrefix(environment: string, model: string, variant: string): string {
  return `${variantsPrefix(environment, model)}${variant}/`;
}

/** Of the records of all variants of a model, with a slash at the end. */
export function variantsPrefix(environment: string, model: string): string {
  return `${releasePrefix(environment, model)}/variants/`;
}
