import type { Graph } from './pipeline-graph';

interface Step {
  readonly Name: string;
  readonly Type: string;
  readonly Arguments?: { readonly IfSteps?: readonly Step[]; readonly ElseSteps?: readonly Step[] };
  readonly DependsOn?: readonly string[];
}

/** What comes after what in a definition. An arrow is left out where others lead the same way. */
export function graphOf(definition: { readonly Steps: readonly Step[] }): Graph {
  const nodes: { name: string; type: string }[] = [];
  const edges: { from: string; to: string; label?: string }[] = [];
  const visit = (steps: readonly Step[], parent?: { name: string; label: string }) => {
    for (const step of steps) {
      const { IfSteps = [], ElseSteps = [], ...own } = step.Arguments ?? {};
      nodes.push({ name: step.Name, type: step.Type });
      if (parent) edges.push({ from: parent.name, to: step.Name, label: parent.label });
      for (const from of new Set([...references(own), ...references(step, true), ...(step.DependsOn ?? [])])) {
        edges.push({ from, to: step.Name });
      }
      visit(IfSteps, { name: step.Name, label: 'met' });
      visit(ElseSteps, { name: step.Name, label: 'not met' });
    }
  };
  visit(definition.Steps);
  return { nodes, edges: edges.filter((edge) => !hasDetour(edge, edges)) };
}

/** Steps that a value refers to. @param shallow leaves out Arguments, where branches are */
function references(value: object, shallow = false): string[] {
  const text = JSON.stringify(value, (key, inner: unknown) => (shallow && key === 'Arguments' ? undefined : inner));
  return [...text.matchAll(/"Get":"Steps\.([A-Za-z0-9_-]+)/g)].map(([, name = '']) => name);
}

function hasDetour({ from, to }: { from: string; to: string }, edges: Graph['edges']): boolean {
  const seen = new Set<string>();
  const queue = edges.filter((edge) => edge.from === from && edge.to !== to).map((edge) => edge.to);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    queue.push(...edges.filter((edge) => edge.from === name).map((edge) => edge.to));
  }
  return false;
}
