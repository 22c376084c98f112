import type { Json, JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Jobs } from '../job/jobs';
import type { Call } from '../operation';
import type { StepDefinition } from './definition';

/** What runners of steps work with. */
export interface StepTools {
  readonly context: Context;
  readonly jobs: Jobs;
  readonly call: Call;
}

/** One attempt at one step. */
export interface StepAttempt extends StepTools {
  readonly step: StepDefinition;
  readonly executionId: string;
  /** A name for what the step makes, of at most that many characters; another one in every attempt. */
  readonly name: (limit: number) => string;
  /** Aborted when the execution is stopped. */
  readonly signal: AbortSignal;
  /** @throws StepError */
  readonly resolve: (value: Json) => Promise<Json>;
  /** Publishes what the step has started. */
  readonly started: (metadata: JsonObject) => void;
}

export interface StepResult {
  /** Shaped like the answer of the Describe action. @default - nothing can be referred to */
  readonly properties?: JsonObject;
  /** @default - what was given to `started` */
  readonly metadata?: JsonObject;
}

/** Runs one type of step. */
export interface StepRunner {
  /**
   * @throws StepError if the step fails
   * @throws StepStopped
   */
  run(attempt: StepAttempt): Promise<StepResult>;
  /**
   * The members of Arguments, or of the step beside them, that decide whether an earlier result is used again.
   * @default - the type can't be cached
   */
  readonly cacheKey?: readonly string[];
  /** Where the results lie in S3. @default - nowhere */
  outputs?(properties: JsonObject): readonly string[];
  /** What of the arguments can't be run here; asked before anything starts, with references unresolved. @default - nothing */
  unsupported?(step: StepDefinition, where: string): readonly string[];
}

/** The step ended because its execution was stopped. */
export class StepStopped extends Error {
  override readonly name = 'StepStopped';
}
