/** What the text of a `Get` leads to. */
export type GetPath =
  | { readonly kind: 'parameter' | 'execution' | 'experiment'; readonly name: string }
  | { readonly kind: 'step'; readonly step: string; readonly path: readonly PathPart[] };

export type PathPart =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly name: string };

/** @returns undefined for a text that no `Get` can be */
export function parseGet(get: string): GetPath | undefined {
  const [, root, name = '', rest = ''] =
    /^(Parameters|Execution|PipelineExperimentConfig|Steps)\.([\w-]+)(.*)$/s.exec(get) ?? [];
  switch (root) {
    case 'Parameters':
      return rest === '' ? { kind: 'parameter', name } : undefined;
    case 'Execution':
      return rest === '' ? { kind: 'execution', name } : undefined;
    case 'PipelineExperimentConfig':
      return rest === '' ? { kind: 'experiment', name } : undefined;
    case 'Steps': {
      const path = parsePath(rest);
      return path && { kind: 'step', step: name, path };
    }
    default:
      return undefined;
  }
}

function parsePath(text: string): PathPart[] | undefined {
  const parts: PathPart[] = [];
  let end = 0;
  for (const { 0: part, index, groups = {} } of text.matchAll(PART)) {
    if (index !== end) return undefined;
    end += part.length;
    if (groups.member !== undefined) parts.push({ kind: 'member', name: groups.member });
    else if (groups.index !== undefined) parts.push({ kind: 'index', index: Number(groups.index) });
    else parts.push({ kind: 'key', name: groups.single ?? groups.double ?? '' });
  }
  return end === text.length ? parts : undefined;
}
const PART = /\.(?<member>[\w-]+)|\[(?<index>\d+)\]|\['(?<single>[^']+)'\]|\["(?<double>[^"]+)"\]/g;
