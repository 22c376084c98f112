import { graphlib, layout } from '@dagrejs/dagre';
import type { Summary } from '../loop/summary';

/** A pipeline as it is drawn: every step, those in branches too, and what comes after what. */
export interface Graph {
  readonly nodes: readonly { readonly name: string; readonly type: string }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label?: string }[];
}

const BOX = { width: 132, height: 46 };
const COLOURS: Readonly<Record<string, string>> = { Succeeded: '#2e8b57', Failed: '#c0392b' };

/** The steps from left to right, each framed in the colour of its outcome; steps that didn't run are pale. */
export function PipelineGraph({ graph, steps }: { readonly graph: Graph; readonly steps: Summary['steps'] }) {
  const { nodes, edges, width, height } = arrange(graph);
  return (
    <div class="scroll">
      <svg
        class="graph"
        role="img"
        aria-label="Steps of the pipeline"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0 L8,4 L0,8 z" fill="#8793a0" />
          </marker>
        </defs>
        {edges.map(({ from, to, label, points }) => (
          <g key={`${from}-${to}`}>
            <polyline
              points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
              fill="none"
              stroke="#8793a0"
              marker-end="url(#arrow)"
            />
            {label && points[1] && (
              <text class="kind" x={points[1].x} y={points[1].y - 6} text-anchor="middle">
                {label}
              </text>
            )}
          </g>
        ))}
        {nodes.map(({ name, type, x, y }) => {
          const step = steps.find((candidate) => candidate.name === name);
          return (
            <g key={name} class={step ? undefined : 'pale'}>
              <rect
                x={x - BOX.width / 2}
                y={y - BOX.height / 2}
                width={BOX.width}
                height={BOX.height}
                rx="6"
                fill="#fff"
                stroke={COLOURS[step?.status ?? ''] ?? '#8793a0'}
                stroke-width={step ? 2 : 1}
              />
              <text x={x} y={y - 3} text-anchor="middle">
                {name}
              </text>
              <text class="kind" x={x} y={y + 14} text-anchor="middle">
                {[type, ...timeOf(step)].join(' · ')}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function timeOf(step: Summary['steps'][number] | undefined): string[] {
  if (step?.cached) return ['cached'];
  return typeof step?.seconds === 'number' ? [`${step.seconds.toFixed(1)} s`] : [];
}

function arrange({ nodes, edges }: Graph) {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 34, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name } of nodes) graph.setNode(name, { ...BOX });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((node) => ({ ...node, ...(graph.node(node.name) as { x: number; y: number }) })),
    edges: edges.map((edge) => ({
      ...edge,
      points: (graph.edge(edge.from, edge.to) as { points: { x: number; y: number }[] }).points,
    })),
  };
}
