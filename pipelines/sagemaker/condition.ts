import type { Value } from './ref';
import { Step } from './step';

export const COMPARISONS = ['Equals', 'GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Condition =
  | { readonly Type: Comparison; readonly LeftValue: Value; readonly RightValue: Value }
  | { readonly Type: 'In'; readonly QueryValue: Value; readonly Values: readonly Value[] }
  | { readonly Type: 'Not'; readonly Condition: Condition }
  | { readonly Type: 'Or'; readonly Conditions: readonly Condition[] };

export interface ConditionProps {
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
  readonly ifSteps: readonly Step[];
  /** @default [] */
  readonly elseSteps?: readonly Step[];
  /** Steps that have to end first though nothing of theirs is read. @default [] */
  readonly dependsOn?: readonly { readonly name: string }[];
  /** @default - the name */
  readonly displayName?: string;
  readonly description?: string;
}

/** Runs one of two branches. A step stands in one branch, or outside of all. */
export function condition(name: string, props: ConditionProps): Step<'Condition'> {
  const { conditions, ifSteps, elseSteps = [], ...options } = props;
  return new Step('Condition', name, { Conditions: conditions, IfSteps: ifSteps, ElseSteps: elseSteps }, options);
}
