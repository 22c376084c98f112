/** What a pipeline looks like: one step after the other, or one, many beside each other, and one after all of them. */
export const SHAPES = ['chain', 'fan-out'] as const;
export type Shape = (typeof SHAPES)[number];

export interface Work {
  readonly shape: Shape;
  readonly steps: number;
}

/** What is measured with every contestant. */
export const STEP_COUNTS = [10, 100] as const;
/** What is measured of ours beyond it. */
export const MANY_STEPS = 1000;

/** What is measured with steps that import packages. */
export const HEAVY: Work = { shape: 'chain', steps: 10 };

export function setting({ shape, steps }: Work): string {
  return `${shape}-${steps}`;
}

/** The steps that have to be done before one, as `peers/step.py` has it. */
export function predecessors({ shape, steps }: Work, index: number): readonly number[] {
  if (index === 0) return [];
  if (shape === 'chain') return [index - 1];
  return index === steps - 1 ? Array.from({ length: steps - 1 }, (_, before) => before) : [0];
}
