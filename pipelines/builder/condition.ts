import type { ConditionStep, Step } from '../definition';
import { base } from './members';
import type { StepOptions } from './options';

export type ConditionOptions = StepOptions &
  Pick<ConditionStep, 'all' | 'ifTrue'> & {
    /** @default [] */
    readonly ifFalse?: readonly Step[];
  };

/** Runs one of two branches. */
export function condition(name: string, options: ConditionOptions): ConditionStep {
  const { all, ifTrue, ifFalse = [] } = options;
  return { ...base(name, options), kind: 'condition', all, ifTrue, ifFalse };
}
