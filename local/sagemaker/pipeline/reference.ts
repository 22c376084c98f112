import type { Json, JsonObject } from '../../../core/json';

/** One step down into a value: a member's name, or a position in a list. */
export type Segment = string | number;

/**
 * Reads a path such as `Outputs['train'].S3Output.S3Uri` or `metrics[0].value`; `$` at its beginning stands for the
 * whole document.
 * @returns undefined if it isn't one
 */
export function parsePath(path: string): Segment[] | undefined {
  const segments: Segment[] = [];
  const pattern = /(?:^|\.)([^.[\]'"]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/gy;
  const rest = path.startsWith('$') ? path.slice(1).replace(/^\./, '') : path;
  while (pattern.lastIndex < rest.length) {
    const match = pattern.exec(rest);
    if (!match) return undefined;
    const [, member, index, single, double] = match;
    segments.push(index === undefined ? (member ?? single ?? double ?? '') : Number(index));
  }
  return segments;
}

/** Lists whose elements are addressed by a name, and the member that holds it. */
const NAMED_LISTS: Readonly<Record<string, string>> = {
  Outputs: 'OutputName',
  ProcessingInputs: 'InputName',
  FinalMetricDataList: 'MetricName',
};

/** @returns undefined if there is nothing at that place */
export function readPath(value: Json | undefined, segments: readonly Segment[]): Json | undefined {
  let at = value;
  let listName = '';
  for (const segment of segments) {
    at = readSegment(at, segment, listName);
    listName = String(segment);
  }
  return at;
}

function readSegment(at: Json | undefined, segment: Segment, listName: string): Json | undefined {
  if (Array.isArray(at)) {
    const list = at as readonly Json[];
    if (typeof segment === 'number') return list[segment];
    const nameMember = NAMED_LISTS[listName];
    return nameMember === undefined ? undefined : list.find((item) => (item as JsonObject)[nameMember] === segment);
  }
  if (typeof at !== 'object' || at === null) return undefined;
  return Object.hasOwn(at, segment) ? (at as JsonObject)[segment] : undefined;
}

/** A reference to something outside of a step, as it stands in a definition. */
export type Reference =
  | { readonly kind: 'Parameter'; readonly name: string }
  | { readonly kind: 'Execution'; readonly name: string }
  | { readonly kind: 'Experiment'; readonly name: string }
  | { readonly kind: 'Step'; readonly step: string; readonly path: readonly Segment[] };

/** @returns undefined if the text of a `Get` can't be understood */
export function parseGet(text: string): Reference | undefined {
  const [root, name, ...path] = parsePath(text) ?? [];
  if (typeof name !== 'string') return undefined;
  switch (root) {
    case 'Parameters':
      return path.length === 0 ? { kind: 'Parameter', name } : undefined;
    case 'Execution':
      return path.length === 0 ? { kind: 'Execution', name } : undefined;
    case 'PipelineExperimentConfig':
      return path.length === 0 ? { kind: 'Experiment', name } : undefined;
    case 'Steps':
      return { kind: 'Step', step: name, path };
    default:
      return undefined;
  }
}

/** The one member of `{"Get": …}`, `{"Std:Join": …}` or `{"Std:JsonGet": …}`. */
export function functionOf(
  value: Json,
): { readonly name: 'Get' | 'Std:Join' | 'Std:JsonGet'; readonly argument: Json } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value as JsonObject);
  const [name, argument] = entries[0] ?? [];
  if (entries.length !== 1 || argument === undefined) return undefined;
  return name === 'Get' || name === 'Std:Join' || name === 'Std:JsonGet' ? { name, argument } : undefined;
}

/** Every `Get` below a value, in any depth. */
export function getsIn(value: Json | undefined): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const call = functionOf(value);
  if (call?.name === 'Get') return typeof call.argument === 'string' ? [call.argument] : [];
  return Object.values(value).flatMap(getsIn);
}
