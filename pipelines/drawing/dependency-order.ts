import { parseGet } from '../sagemaker/check/get-path';
import { BRANCHES, branchesOf, type StepDefinition } from '../sagemaker/definition';
import { isExpression, isGet } from '../sagemaker/expression-forms';

/** Steps that a step waits for, itself and not what it holds: by reading of them, or because it says so. */
export function needsOf(step: StepDefinition): string[] {
  const needs = new Set<string>();

  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    const path = isExpression(value) && isGet(value) ? parseGet(value.Get) : undefined;
    if (path?.kind === 'step') needs.add(path.step);
    for (const inner of Object.values(value)) visit(inner);
  }

  const { DependsOn = [], Arguments, ...beside } = step;
  visit(step.Type === 'Condition' ? { ...Arguments, IfSteps: [], ElseSteps: [] } : Arguments);
  visit(beside);
  for (const name of DependsOn) needs.add(name);
  return [...needs];
}

/**
 * Steps below those that they wait for, otherwise as they are given. A condition comes below what its branches wait for
 * too, unless that waits for the condition.
 */
export function dependencyOrder(steps: readonly StepDefinition[]): StepDefinition[] {
  const left = [...steps];
  const ordered: StepDefinition[] = [];
  while (left.length > 0) {
    const ready = (needs: (step: StepDefinition) => readonly string[]) =>
      left.findIndex(
        (step) => !needs(step).some((name) => left.some((other) => other !== step && other.Name === name)),
      );
    const all = ready(allNeedsOf);
    const [next] = left.splice(all >= 0 ? all : Math.max(0, ready(needsOf)), 1);
    if (next) ordered.push(next);
  }
  return ordered;
}

function allNeedsOf(step: StepDefinition): string[] {
  const branches = branchesOf(step);
  return [...needsOf(step), ...BRANCHES.flatMap((branch) => branches[branch].flatMap(allNeedsOf))];
}
