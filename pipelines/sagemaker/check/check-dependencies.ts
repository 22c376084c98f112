import type { Faults } from '../../../core/faults';
import { type DefinitionIndex, type InBranch, placeOf } from './definition-index';
import type { Dependency } from './references';

/** Checks that the steps can be put in an order, and that none waits for a step that may never run. */
export function checkDependencies(dependencies: readonly Dependency[], index: DefinitionIndex, faults: Faults): void {
  for (const dependency of dependencies) checkBranch(dependency, index, faults);
  for (const cycle of cyclesOf(dependencies, index))
    faults.add(cycle[0] ?? '', `waits for itself, got ${cycle.join(' → ')}`, 'take out one of these references');
}

function checkBranch({ from, to, where }: Dependency, { steps }: DefinitionIndex, faults: Faults): void {
  const waiting = steps.get(from)?.branches;
  const target = steps.get(to)?.branches;
  if (!waiting || !target || startsWith(waiting, target)) return;
  // A condition that reads a step of its own branch is found as a cycle.
  if (target.some(({ condition }) => condition === from)) return;
  faults.add(
    where,
    `${to} may not run, got it ${placeOf(target)} and ${from} ${placeOf(waiting)}`,
    `move ${from} into that branch, or ${to} out of it`,
  );
}

function startsWith(branches: readonly InBranch[], outer: readonly InBranch[]): boolean {
  return outer.every(({ condition, branch }, depth) => {
    const own = branches[depth];
    return own?.condition === condition && own.branch === branch;
  });
}

/**
 * One cycle for each knot of steps that wait for each other: `[A, B, A]` if A waits for B and B for A. A step in a
 * branch waits for the condition as well.
 */
function cyclesOf(dependencies: readonly Dependency[], { steps }: DefinitionIndex): string[][] {
  const waitsFor = new Map([...steps.keys()].map((name) => [name, new Set<string>()]));
  for (const { from, to } of dependencies) waitsFor.get(from)?.add(to);
  for (const [name, { branches }] of steps) {
    const parent = branches.at(-1)?.condition;
    if (parent !== undefined) waitsFor.get(name)?.add(parent);
  }
  const cycles: string[][] = [];
  const finished = new Set<string>();

  for (const start of steps.keys()) {
    if (finished.has(start)) continue;
    const trail = [start];
    const ahead = [[...(waitsFor.get(start) ?? [])]];
    while (trail.length > 0) {
      const next = ahead.at(-1)?.pop();
      if (next === undefined) {
        ahead.pop();
        finished.add(trail.pop() ?? '');
      } else if (trail.includes(next)) {
        cycles.push([...trail.slice(trail.indexOf(next)), next]);
      } else if (!finished.has(next)) {
        trail.push(next);
        ahead.push([...(waitsFor.get(next) ?? [])]);
      }
    }
  }
  return cycles;
}
