import type { Reference, Step } from '../definition';

export type Uri = string | Reference;

/** What every step takes. */
export interface StepOptions {
  /** @default - the name */
  readonly displayName?: string;
  /** Steps that have to end first though nothing of theirs is read. @default [] */
  readonly dependsOn?: readonly Step[];
}

/** What every step that runs machines takes. */
export interface JobOptions extends StepOptions {
  readonly compute: ComputeOptions;
  /** @default - that of the runtime */
  readonly image?: string;
  /** Days for which the result of a run with the same code and inputs is taken again. @default 0, which is never */
  readonly cacheDays?: number;
  /** How failures that aren't the script's are met. @default - see each member */
  readonly retry?: RetryOptions;
}

export interface ComputeOptions {
  readonly instanceType: string;
  /** @default 1 */
  readonly instanceCount?: number;
  /** @default 30 */
  readonly volumeGb?: number;
  /** @default 60 */
  readonly maxRuntimeMinutes?: number;
}

export interface RetryOptions {
  /** Further attempts after a fault or the throttling of the service, 0 to 20. @default 5 */
  readonly attempts?: number;
  /** How long the step waits for machines that aren't there now, 0 to 14,400. @default 240 */
  readonly capacityMinutes?: number;
}
