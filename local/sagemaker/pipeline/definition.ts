import type { Json, JsonObject } from '../../../core/json';
import type { StepType } from './step-type';

/** A pipeline definition as SageMaker reads it, with the parts that decide about its execution. */
export interface Definition {
  readonly Parameters: readonly ParameterDefinition[];
  readonly PipelineExperimentConfig: JsonObject;
  /** At the top level; branches of conditions hold further ones. */
  readonly Steps: readonly StepDefinition[];
}

export interface ParameterDefinition {
  readonly Name: string;
  readonly Type: 'String' | 'Integer' | 'Float' | 'Boolean';
  /** @default - the value has to be given at the start */
  readonly DefaultValue?: Json;
  /** @default - any text */
  readonly EnumValues?: readonly string[];
}

export interface StepDefinition extends JsonObject {
  readonly Name: string;
  readonly Type: StepType;
  readonly Arguments: JsonObject;
  readonly DisplayName?: string;
  readonly Description?: string;
  readonly DependsOn?: readonly string[];
  readonly CacheConfig?: JsonObject & { readonly Enabled?: boolean; readonly ExpireAfter?: string };
  readonly RetryPolicies?: readonly RetryPolicy[];
  readonly PropertyFiles?: readonly PropertyFile[];
}

export interface RetryPolicy extends JsonObject {
  readonly ExceptionType: readonly string[];
  /** @default 1 */
  readonly IntervalSeconds?: number;
  /** @default 2 */
  readonly BackoffRate?: number;
  /** @default - bounded by ExpireAfterMin, or 5 without it */
  readonly MaxAttempts?: number;
  /** @default - bounded by MaxAttempts */
  readonly ExpireAfterMin?: number;
}

export interface PropertyFile extends JsonObject {
  readonly PropertyFileName: string;
  readonly OutputName: string;
  readonly FilePath: string;
}

/** The steps of a condition's two branches. */
export function branchesOf(step: StepDefinition): {
  readonly if: readonly StepDefinition[];
  readonly else: readonly StepDefinition[];
} {
  if (step.Type !== 'Condition') return { if: [], else: [] };
  return {
    if: (step.Arguments.IfSteps ?? []) as readonly StepDefinition[],
    else: (step.Arguments.ElseSteps ?? []) as readonly StepDefinition[],
  };
}

/** All steps, those of branches after their condition. */
export function allSteps(steps: readonly StepDefinition[]): StepDefinition[] {
  return steps.flatMap((step) => {
    const branches = branchesOf(step);
    return [step, ...allSteps(branches.if), ...allSteps(branches.else)];
  });
}
