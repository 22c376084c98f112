import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Evaluation } from '../../core/evaluation';

/** What `npm run local` did, for scripts: written to `.mlops/local/summary.json`. Times are in seconds. */
export const Summary = z.strictObject({
  environment: z.string(),
  model: z.string(),
  endpointUrl: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  /** `from` counts from the start. Some run beside each other: their times may add up to more than the whole. */
  phases: z.array(z.strictObject({ title: z.string(), from: z.number(), seconds: z.number() })),
  stacks: z.array(z.strictObject({ name: z.string(), status: z.string() })),
  execution: z.strictObject({ arn: z.string(), id: z.string(), status: z.string() }),
  steps: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      status: z.string(),
      seconds: z.number().nullable(),
      cached: z.boolean(),
    }),
  ),
  evaluation: Evaluation,
  gates: z.array(
    z.strictObject({
      metric: z.string(),
      bound: z.enum(['atLeast', 'atMost']),
      threshold: z.number(),
      value: z.number(),
      passed: z.boolean(),
      /** Where the gate asks for the model that serves to be beaten; `low` is null if there is none. */
      champion: z
        .strictObject({ confidence: z.number(), margin: z.number(), low: z.number().nullable(), beaten: z.boolean() })
        .optional(),
    }),
  ),
  modelPackage: z.strictObject({ arn: z.string(), version: z.int(), approvalStatus: z.string() }).nullable(),
  endpoint: z.strictObject({ name: z.string(), status: z.string() }).nullable(),
  invocations: z
    .strictObject({ tried: z.int(), succeeded: z.int(), rows: z.int(), correct: z.int(), medianMs: z.number() })
    .nullable(),
});
export type Summary = z.output<typeof Summary>;

export function writeSummary(file: string, summary: Summary): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.draft`, `${JSON.stringify(Summary.parse(summary), null, 2)}\n`);
  renameSync(`${file}.draft`, file);
}

/** @returns undefined if no run has ended yet, or an older version of the file is there */
export function readSummary(file: string): Summary | undefined {
  try {
    return Summary.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
