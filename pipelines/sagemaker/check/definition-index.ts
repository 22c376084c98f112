import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import {
  BRANCHES,
  type Branch,
  branchesOf,
  type ParameterDefinition,
  type SageMakerDefinition,
  type StepDefinition,
} from '../definition';

/** A branch that a step stands in: it runs only if the condition comes out that way. */
export interface InBranch {
  readonly condition: string;
  readonly branch: Branch;
}

export interface IndexedStep {
  readonly definition: StepDefinition;
  /** From the outermost to the one that holds the step. */
  readonly branches: readonly InBranch[];
}

/** What the definition holds, by name. */
export interface DefinitionIndex {
  readonly steps: ReadonlyMap<string, IndexedStep>;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
}

/** Finds every step, those in branches too. Of steps with the same name the first one counts; the others are faults. */
export function indexDefinition({ Steps, Parameters }: SageMakerDefinition, faults: Faults): DefinitionIndex {
  const steps = new Map<string, IndexedStep>();
  const parameters = new Map<string, ParameterDefinition>();

  function add(list: readonly StepDefinition[], branches: readonly InBranch[]): void {
    for (const [position, step] of list.entries()) {
      if (typeof step !== 'object' || step === null || typeof step.Name !== 'string') {
        const where = branches.map(({ condition, branch }) => `${condition}.${branch}`).at(-1) ?? 'Steps';
        faults.add(`${where}[${position}]`, `a step is a structure with a Name, got ${show(step)}`, 'give it one');
        continue;
      }
      const first = steps.get(step.Name);
      if (first) {
        faults.add(
          step.Name,
          `the names of steps are unique, got one ${placeOf(first.branches)} and one ${placeOf(branches)}`,
          'rename one, or keep one of the two: a step stands in one place only',
        );
        continue;
      }
      steps.set(step.Name, { definition: step, branches });
      const held = branchesOf(step);
      for (const branch of BRANCHES) add(held[branch], [...branches, { condition: step.Name, branch }]);
    }
  }

  add(Steps, []);
  for (const parameter of Parameters) {
    if (parameters.has(parameter.Name))
      faults.add(
        `Parameters.${parameter.Name}`,
        'the names of parameters are unique, got two',
        'rename one, or keep one of the two',
      );
    else parameters.set(parameter.Name, parameter);
  }
  return { steps, parameters };
}

/** For example `in IfSteps of Gate`. */
export function placeOf(branches: readonly InBranch[]): string {
  const inner = branches.at(-1);
  return inner ? `in ${inner.branch} of ${inner.condition}` : 'outside of all branches';
}
