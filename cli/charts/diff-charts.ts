import type { Kubectl } from './kubectl';

/** An object that is not in the cluster as the manifests say. */
export interface Difference {
  /** As kubectl names it: group, version, kind, namespace and name, joined by dots. */
  readonly object: string;
  readonly change: 'added' | 'changed';
}

export interface ChartsDiff {
  readonly differences: readonly Difference[];
  /** What kubectl printed. */
  readonly text: string;
}

export interface DiffChartsProps {
  readonly kubectl: Kubectl;
  /** With a kustomization.yaml. */
  readonly folder: string;
  /** Of the kubeconfig. @default - the current one */
  readonly context?: string;
}

/** The end of kubectl's diff that means that something differs; a larger one means that it can't say. */
const DIFFERENT = 1;

/**
 * Compares manifests with a running cluster, as its API server would apply them.
 * @throws Error if kubectl or the cluster can't say
 */
export async function diffCharts({ kubectl, folder, context }: DiffChartsProps): Promise<ChartsDiff> {
  const where = context === undefined ? [] : ['--context', context];
  // Fields that a controller owns by now are shown as differences, and are no reason to show nothing.
  const words = ['diff', '--server-side', '--force-conflicts', '--kustomize', folder, ...where];
  const { code, stdout, stderr } = await kubectl(words);
  const differences = code === DIFFERENT ? readDifferences(stdout) : [];
  // An option that an old kubectl doesn't know ends with 1 too, and shows nothing.
  if (code > DIFFERENT || (code === DIFFERENT && differences.length === 0)) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    const got = said === '' ? `exit code ${code}` : said;
    throw new Error(
      `kubectl diff: the cluster could not be compared, got ${got}; check by: kubectl ${['version', ...where].join(' ')}`,
    );
  }
  return { differences, text: stdout };
}

/** Each object begins with the line that compared it, and one that isn't there yet has no lines before. */
function readDifferences(text: string): Difference[] {
  return text
    .split(/^(?=diff )/m)
    .filter((part) => part.startsWith('diff '))
    .map((part) => {
      const [command = ''] = part.split('\n');
      const object = command.split('/').at(-1) ?? command;
      return { object, change: /^@@ -0,0 /m.test(part) ? 'added' : 'changed' };
    });
}
