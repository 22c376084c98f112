import { z } from 'zod';

/** That one version of a model shall serve, as somebody or something decided it. */
export const Decision = z.strictObject({
  /** ARN. */
  modelPackage: z.string(),
  version: z.int().min(1),
  /**
   * What it came from: an approval's event, somebody who promoted an approved version by hand, or somebody who went
   * back to an earlier one.
   */
  kind: z.enum(['approval', 'promotion', 'rollback']),
  /** ISO time in whole seconds, as events have it. */
  decidedAt: z.string(),
  /** Who decided: an IAM identity, or the name that a user of the command line gave. */
  by: z.string(),
  reason: z.string(),
});
export type Decision = z.output<typeof Decision>;

/** @throws RangeError if it isn't a time */
export function wholeSeconds(time: Date | string): string {
  const milliseconds = new Date(time).getTime();
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * Orders decisions: the later one counts, whenever it arrives. Of two in the same second the higher version counts, so
 * that every order of arrival ends the same.
 * @returns below 0 if `a` came before `b`, 0 if they are one and the same decision
 */
export function compareDecisions(a: Decision, b: Decision): number {
  return Date.parse(a.decidedAt) - Date.parse(b.decidedAt) || a.version - b.version;
}

/** Marks the stack operation of a decision, so that a repeated request starts nothing and its events can be told apart. */
export function operationToken({ decidedAt, version }: Decision): string {
  return `release-${compactTime(decidedAt)}-${version}`;
}

/** `2026-11-24T04:40:00Z` to `20261124T044000Z`: fit for S3 keys and request tokens. */
export function compactTime(time: string): string {
  return time.replace(/[-:]/g, '').replace(/\.\d+/, '');
}
