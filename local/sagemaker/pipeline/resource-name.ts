import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX = 10;

/** Letters and digits, as in the ids that the service gives. */
export function randomId(length: number): string {
  return [...randomBytes(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/**
 * The name of what a step makes, in the service's form `pipelines-EXECUTION-STEP-SUFFIX`, shortened where a kind of
 * resource allows less.
 */
export function resourceName(executionId: string, stepName: string, suffix: string, limit: number): string {
  const prefix = limit > 32 ? `pipelines-${executionId}-` : `${executionId}-`;
  const step = stepName
    .replaceAll('_', '-')
    .slice(0, limit - prefix.length - suffix.length - 1)
    .replace(/^-+|-+$/g, '');
  return [`${prefix}${step}`.replace(/-+$/, ''), suffix].join('-');
}

/** Distinguishes two attempts at one step. */
export function randomSuffix(): string {
  return randomId(SUFFIX);
}
