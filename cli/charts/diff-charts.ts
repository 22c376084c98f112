import type { Kubectl } from './kubectl';
import { notDiffering } from './not-differing';
import type { MovedField } from './write-charts';

/** An object that is not in the cluster as the manifests say. */
export interface Difference {
  /** As kubectl names it: group, version, kind, namespace and name, joined by dots. */
  readonly object: string;
  /** `moved` if it differs in nothing but what a controller changes while it shifts traffic. */
  readonly change: 'added' | 'changed' | 'moved';
  /** What of it was left out, as jq writes it. @default - nothing */
  readonly leftOut?: readonly string[];
}

export interface ChartsDiff {
  readonly differences: readonly Difference[];
  /** What kubectl printed, without objects that are only moved. */
  readonly text: string;
}

export interface DiffChartsProps {
  readonly kubectl: Kubectl;
  /** With a kustomization.yaml. */
  readonly folder: string;
  /** Of the kubeconfig. @default - the current one */
  readonly context?: string;
  /** Fields that a controller changes. @default [] */
  readonly moved?: readonly MovedField[];
}

/** The end of kubectl's diff that means that something differs; a larger one means that it can't say. */
const DIFFERENT = 1;

/** As the manifests would be applied. Fields that a controller owns by now are compared all the same. */
const SERVER_SIDE = ['--server-side', '--force-conflicts'];

/**
 * Compares manifests with a running cluster, as its API server would apply them.
 * @throws Error if kubectl or the cluster can't say
 */
export async function diffCharts({ kubectl, folder, context, moved = [] }: DiffChartsProps): Promise<ChartsDiff> {
  const where = context === undefined ? [] : ['--context', context];
  const { code, stdout, stderr } = await kubectl(['diff', ...SERVER_SIDE, '--kustomize', folder, ...where]);
  const parts = code === DIFFERENT ? partsOf(stdout) : [];
  // An option that an old kubectl doesn't know ends with 1 too, and shows nothing.
  if (code > DIFFERENT || (code === DIFFERENT && parts.length === 0)) throw cantSay(code, stderr, where);
  // What kubectl prints can't be judged: it shows its own notes as differences, too.
  const alike = parts.some(({ difference }) => difference.change === 'changed')
    ? notDiffering(
        await list(kubectl, ['get', '--ignore-not-found', '--kustomize', folder, ...where], where),
        await list(kubectl, ['apply', ...SERVER_SIDE, '--dry-run=server', '--kustomize', folder, ...where], where),
        moved,
      )
    : new Map<string, readonly string[]>();
  const judged = parts.flatMap(({ difference, text: printed }) => {
    const leftOut = alike.get(difference.object);
    if (difference.change === 'added' || !leftOut) return [{ difference, printed }];
    return leftOut.length > 0
      ? [{ difference: { ...difference, change: 'moved' as const, leftOut }, printed: '' }]
      : [];
  });
  return {
    differences: judged.map(({ difference }) => difference),
    text: judged.map(({ printed }) => printed).join(''),
  };
}

async function list(kubectl: Kubectl, words: readonly string[], where: readonly string[]): Promise<readonly unknown[]> {
  const { code, stdout, stderr } = await kubectl([...words, '--output', 'json']);
  if (code !== 0) throw cantSay(code, stderr, where);
  if (stdout.trim() === '') return [];
  const answer = JSON.parse(stdout) as { readonly kind?: string; readonly items?: readonly unknown[] };
  return answer.kind === 'List' ? (answer.items ?? []) : [answer];
}

function cantSay(code: number, stderr: string, where: readonly string[]): Error {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const got = said === '' ? `exit code ${code}` : said;
  const [, namespace] = /namespaces "([^"]+)" not found/.exec(said) ?? [];
  const fix =
    namespace === undefined
      ? `check by: kubectl ${['version', ...where].join(' ')}`
      : `nothing of it is there yet: apply it, or ask again after kubectl ${['create namespace', namespace, ...where].join(' ')}`;
  return new Error(`kubectl diff: the cluster could not be compared, got ${got}; ${fix}`);
}

/** Each object begins with the line that compared it, and one that isn't there yet has no lines before. */
function partsOf(stdout: string): readonly { readonly difference: Difference; readonly text: string }[] {
  return stdout
    .split(/^(?=diff )/m)
    .filter((part) => part.startsWith('diff '))
    .map((text) => {
      const [command = ''] = text.split('\n');
      const object = command.split('/').at(-1) ?? command;
      return { difference: { object, change: /^@@ -0,0 /m.test(text) ? 'added' : 'changed' }, text };
    });
}
