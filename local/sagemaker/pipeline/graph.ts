import { allSteps, branchesOf, type Definition, type StepDefinition } from './definition';
import { getsIn, parseGet } from './reference';

/** A step and what has to be before it. */
export interface Node {
  readonly step: StepDefinition;
  /** Steps that it refers to or names in DependsOn. */
  readonly dependencies: readonly string[];
  /** The condition in one of whose branches it stands. @default - it stands at the top */
  readonly parent?: { readonly condition: string; readonly branch: 'if' | 'else' };
}

/** The steps by name, in the order of the definition. */
export type Graph = ReadonlyMap<string, Node>;

export function graphOf(definition: Pick<Definition, 'Steps'>): Graph {
  const nodes = new Map<string, Node>();
  const add = (steps: readonly StepDefinition[], parent?: Node['parent']) => {
    for (const step of steps) {
      nodes.set(step.Name, { step, dependencies: dependenciesOf(step), parent });
      const branches = branchesOf(step);
      add(branches.if, { condition: step.Name, branch: 'if' });
      add(branches.else, { condition: step.Name, branch: 'else' });
    }
  };
  add(definition.Steps);
  return nodes;
}

/** The steps that have to be decided before this one: its dependencies, and the condition above it. */
export function predecessors({ dependencies, parent }: Node): string[] {
  return parent ? [...dependencies, parent.condition] : [...dependencies];
}

/** All steps that come before one, however far. */
export function ancestors(graph: Graph, name: string): Set<string> {
  const found = new Set<string>();
  const visit = (at: string) => {
    const node = graph.get(at);
    for (const before of node ? predecessors(node) : []) {
      if (found.has(before)) continue;
      found.add(before);
      visit(before);
    }
  };
  visit(name);
  return found;
}

function dependenciesOf(step: StepDefinition): string[] {
  // What a branch's steps refer to is their own affair.
  const { IfSteps: _, ElseSteps: __, ...own } = step.Type === 'Condition' ? step.Arguments : { ...step.Arguments };
  const referred = getsIn({ ...step, Arguments: own }).flatMap((get) => {
    const reference = parseGet(get);
    return reference?.kind === 'Step' ? [reference.step] : [];
  });
  const inBranches = new Set(allSteps([step]).map(({ Name }) => Name));
  return [...new Set([...referred, ...(step.DependsOn ?? [])])].filter(
    (name) => name === step.Name || !inBranches.has(name),
  );
}
