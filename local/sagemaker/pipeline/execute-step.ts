import { setTimeout as delay } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../core/json';
import { allSteps, type Definition, type StepDefinition } from './definition';
import { parseDuration } from './duration';
import { type ExecutionMembers, executionId } from './execution-record';
import { resolve, type Scope } from './resolve';
import { randomSuffix, resourceName } from './resource-name';
import { retryDelayMs } from './retry';
import type { CacheEntry, StepCache } from './step-cache';
import { StepError } from './step-error';
import { type StepResult, type StepRunner, StepStopped, type StepTools } from './step-runner';
import { runnerOf } from './step-runners';

export interface StepProps {
  readonly tools: StepTools;
  readonly cache: StepCache;
  readonly definition: Definition;
  /** As it is at this moment. */
  readonly record: () => ExecutionMembers;
  /** What the steps before left. */
  readonly properties: (step: string) => JsonObject | undefined;
  readonly step: StepDefinition;
  readonly signal: AbortSignal;
  readonly started: (members: { readonly AttemptCount?: number; readonly Metadata?: JsonObject }) => void;
}

export interface StepOutcome extends StepResult {
  /** @default - the step really ran */
  readonly cachedFrom?: string;
}

const JOB_NAME_LIMIT = 63;

/**
 * Runs one step: from the cache, or as often as its retry policies allow.
 * @throws StepError
 * @throws StepStopped
 */
export async function executeStep(props: StepProps): Promise<StepOutcome> {
  const { step, cache, record } = props;
  const runner = runnerOf(step);
  const outputs = (properties: JsonObject) => runner.outputs?.(properties) ?? [];
  // What can't be looked up in the cache can still be run, with retries where something is out of order.
  const orNothing = <T>(looked: Promise<T>): Promise<T | undefined> =>
    looked.catch((error: Error) => {
      if (error instanceof StepError) throw error;
      props.tools.context.log(`${step.Name}: goes on without its cache, got ${error.message}`);
      return undefined;
    });
  const key = await orNothing(cacheKey(props, runner));
  if (key !== undefined) {
    const { ExpireAfter } = step.CacheConfig ?? {};
    const maxAge = ExpireAfter === undefined ? undefined : parseDuration(ExpireAfter);
    const entry = await orNothing(cache.find(key, outputs, maxAge));
    if (entry) return fromCache(entry);
  }
  const result = await withRetries(props, runner);
  if (key !== undefined)
    await orNothing(
      cache.put(key, outputs, {
        PipelineExecutionArn: record().PipelineExecutionArn,
        EndTime: props.tools.context.now().toISOString(),
        Properties: result.properties ?? {},
        Metadata: result.metadata ?? {},
      }),
    );
  return result;
}

function fromCache({ PipelineExecutionArn, Properties, Metadata }: CacheEntry): StepOutcome {
  return { properties: Properties, metadata: Metadata, cachedFrom: PipelineExecutionArn };
}

async function cacheKey(props: StepProps, { cacheKey: members }: StepRunner): Promise<string | undefined> {
  const { step, cache, record } = props;
  if (step.CacheConfig?.Enabled !== true || !members) return undefined;
  // The name of a job is another one in each run: here it stands for itself.
  const scope = scopeOf(props, (limit) => `name-of-${limit}`);
  const { Arguments, ...beside } = step;
  const names = members.filter((member) => member in beside);
  const resolved = await resolve(
    { Arguments, ...Object.fromEntries(names.map((name) => [name, beside[name]])) },
    scope,
  );
  return cache.key(record().PipelineName, { ...step, ...(resolved as Partial<StepDefinition>) }, members);
}

async function withRetries(props: StepProps, runner: StepRunner): Promise<StepResult> {
  const { step, signal, started, tools } = props;
  const begin = Date.now();
  for (let retries = 0; ; retries++) {
    let metadata: JsonObject | undefined;
    const suffix = randomSuffix();
    const id = executionId(props.record().PipelineExecutionArn);
    const name = (limit: number) => resourceName(id, step.Name, suffix, limit);
    const scope = scopeOf(props, name);
    if (signal.aborted) throw new StepStopped('the execution was stopped');
    started({ AttemptCount: retries + 1 });
    try {
      const result = await runner.run({
        ...tools,
        step,
        executionId: id,
        name,
        signal,
        resolve: (value: Json) => resolve(value, scope),
        started: (Metadata) => {
          metadata = Metadata;
          started({ Metadata });
        },
      });
      return { metadata, ...result };
    } catch (error) {
      const type = error instanceof StepError ? error.exceptionType : undefined;
      const wait = retryDelayMs(step.RetryPolicies ?? [], type, retries, Date.now() - begin);
      if (wait === undefined || signal.aborted) throw error;
      tools.context.log(`${step.Name}: tried again in ${wait / 1000} s, got ${(error as Error).message}`);
      await delay(wait, undefined, { signal }).catch(() => {
        throw new StepStopped('the execution was stopped');
      });
    }
  }
}

function scopeOf({ tools, definition, record, properties }: StepProps, name: (limit: number) => string): Scope {
  const { Parameters, PipelineName, PipelineArn, PipelineExecutionArn, CreationTime } = record();
  const variables: Readonly<Record<string, () => string>> = {
    StartDateTime: () => CreationTime,
    CurrentDateTime: () => tools.context.now().toISOString(),
    PipelineName: () => PipelineName,
    PipelineArn: () => PipelineArn,
    PipelineExecutionId: () => executionId(PipelineExecutionArn),
    PipelineExecutionArn: () => PipelineExecutionArn,
    TrainingJobName: () => name(JOB_NAME_LIMIT),
    ProcessingJobName: () => name(JOB_NAME_LIMIT),
  };
  const scope: Scope = {
    parameters: Parameters,
    execution: (variable) => variables[variable]?.(),
    experiment: (variable) => {
      const value = definition.PipelineExperimentConfig[variable];
      return value === undefined ? undefined : resolve(value, scope);
    },
    properties,
    propertyFile: (step, file) =>
      allSteps(definition.Steps)
        .find(({ Name }) => Name === step)
        ?.PropertyFiles?.find(({ PropertyFileName }) => PropertyFileName === file),
    storage: tools.context.storage,
  };
  return scope;
}
