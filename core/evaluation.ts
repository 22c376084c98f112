import { z } from 'zod';

/** A measured value with its bootstrap interval, `low <= value <= high` but for rounding. */
const Estimate = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.output<typeof Estimate>;

/** One group of the held-out rows. Metrics that the group's size or single class leaves undefined are null. */
const Slice = z.strictObject({
  rows: z.int().min(0),
  positive_rate: z.number().min(0).max(1).nullable(),
  roc_auc: z.number().min(0).max(1).nullable(),
});

/** A gate's comparison with the model that serves. */
const Challenge = z.strictObject({
  confidence: z.number().min(0.5).lt(1),
  margin: z.number().min(0),
  /** In the better direction. Null without a champion. */
  difference: z.number().nullable(),
  /** The difference's lower bound with the confidence. Null without a champion. */
  low: z.number().nullable(),
  /** 1 if the bound is above the margin, or there is no champion. */
  beaten: z.union([z.literal(0), z.literal(1)]),
});

/** What `evaluate.py` of a classification workload writes to `evaluation.json`, and gates and reports read. */
export const Evaluation = z.strictObject({
  model: z.string(),
  rows: z.int().min(1),
  positive_rate: z.number().min(0).max(1),
  /** Share of true values that the intervals are built to cover, 0 to 1. */
  confidence: z.number().gt(0).lt(1),
  resamples: z.int().min(1),
  metrics: z.record(z.string(), Estimate),
  /** The same metrics of a model that anyone would write first, on the same rows. */
  baseline: z.strictObject({ description: z.string(), metrics: z.record(z.string(), z.number()) }),
  /** Reliability diagram: mean predicted and observed rate in bins of equal count. */
  calibration: z.array(z.strictObject({ predicted: z.number(), observed: z.number(), rows: z.int() })),
  /** By column, then by value of the column. */
  slices: z.record(z.string(), z.record(z.string(), Slice)),
  /** Where a gate asks for it: the same rows as the model that serves sees them. @default - no gate asks */
  champion: z
    .strictObject({ model_sha256: z.string().nullable(), challenges: z.record(z.string(), Challenge) })
    .optional(),
  /** SHA-256 of the model file, in hex. */
  model_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over the prepared data, in hex. */
  data_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Evaluation = z.output<typeof Evaluation>;
