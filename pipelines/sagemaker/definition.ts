import type { ParameterType } from './parameter';
import type { GetExpression, Primitive } from './ref';
import type { StepType } from './step-types';

/** The JSON that SageMaker receives, before it is text. It may hold tokens of the CDK. */
export interface SageMakerDefinition {
  readonly Version: '2020-12-01';
  readonly Metadata: Readonly<Record<string, unknown>>;
  readonly Parameters: readonly ParameterDefinition[];
  /** Null keeps SageMaker from making an experiment of its own. */
  readonly PipelineExperimentConfig: {
    readonly ExperimentName: string | GetExpression;
    readonly TrialName: string | GetExpression;
  } | null;
  readonly Steps: readonly StepDefinition[];
}

export interface ParameterDefinition {
  readonly Name: string;
  readonly Type: ParameterType;
  readonly DefaultValue?: Primitive;
  readonly EnumValues?: readonly string[];
}

export interface StepDefinition {
  readonly Name: string;
  readonly Type: StepType;
  readonly Arguments: Readonly<Record<string, unknown>>;
  readonly DisplayName?: string;
  readonly Description?: string;
  readonly DependsOn?: readonly string[];
  readonly CacheConfig?: { readonly Enabled: boolean; readonly ExpireAfter?: string };
  readonly RetryPolicies?: readonly RetryPolicyDefinition[];
  readonly PropertyFiles?: readonly {
    readonly PropertyFileName: string;
    readonly OutputName: string;
    readonly FilePath: string;
  }[];
  /** Members that only some types have, such as `FunctionArn`. */
  readonly [beside: string]: unknown;
}

export interface RetryPolicyDefinition {
  readonly ExceptionType: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxAttempts?: number;
  readonly ExpireAfterMin?: number;
}

/** The steps of a condition's branches, in order. */
export function branchesOf(step: StepDefinition): { readonly [K in Branch]: readonly StepDefinition[] } {
  const steps = (branch: Branch) => {
    const held = step.Type === 'Condition' ? step.Arguments?.[branch] : undefined;
    return Array.isArray(held) ? (held as readonly StepDefinition[]) : [];
  };
  return { IfSteps: steps('IfSteps'), ElseSteps: steps('ElseSteps') };
}
export const BRANCHES = ['IfSteps', 'ElseSteps'] as const;
export type Branch = (typeof BRANCHES)[number];
