import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidInputError } from '../../core/invalid-input-error';
import { type ChartsDiff, diffCharts } from '../charts/diff-charts';
import { type Kubectl, kubectlOnPath } from '../charts/kubectl';
import { printWritten, type WriteCharts } from '../charts/write-charts';
import { chooseEnvironment } from '../model-argument';
import type { Surroundings } from '../output';

export interface ChartsCommandOptions {
  readonly write: WriteCharts;
  /** @default - the one on the PATH */
  readonly kubectl?: Kubectl;
}

/** `mlops charts write` and `mlops charts diff`. */
export function chartsCommands(
  program: Command,
  surroundings: Surroundings,
  { write, kubectl = kubectlOnPath(surroundings) }: ChartsCommandOptions,
): void {
  const { out, repository } = surroundings;
  const charts = program.command('charts').description('manifests of the environments with the plane kubernetes');

  charts
    .command('write')
    .description('write them, as `npm run charts` does')
    .option('--out <folder>', 'where to (default: dist/charts)')
    .option('--json', 'print what was written as JSON')
    .action(async ({ out: folder, json }: { out?: string; json?: boolean }) => {
      const written = await write(folder === undefined ? join(repository, 'dist/charts') : resolve(folder));
      if (json) {
        const environments = written.map(({ name, folder, files, unreleased }) => ({
          name,
          folder,
          files,
          unreleased,
        }));
        out.line(JSON.stringify({ environments }, null, 2));
      } else printWritten(written, out);
    });

  charts
    .command('diff <environment>')
    .description(
      'what applying them would change in a running cluster, by kubectl; exit code 1 if anything but what a controller moves; what is there and no longer written is not seen',
    )
    .option('--context <name>', "of the kubeconfig (default: kubectl's own)")
    .option('--json', 'print the objects that differ as JSON')
    .action(async (name: string, { context, json }: { context?: string; json?: boolean }) => {
      const { planes } = await chooseEnvironment(name);
      if (!planes.includes('kubernetes')) {
        throw new InvalidInputError(
          'ENV',
          `has no manifests without the plane kubernetes, got ${name} with ${planes.join(', ')}`,
          'add the plane: docs/guide/kubernetes.md',
        );
      }
      const diff = await inNewFolder(async (folder) => {
        const [written] = await write(folder, name);
        return diffCharts({ kubectl, folder: join(folder, name), context, moved: written?.moved });
      });
      if (json) out.line(JSON.stringify({ environment: name, differences: diff.differences }, null, 2));
      else print(name, diff, surroundings);
      const differing = diff.differences.filter(({ change }) => change !== 'moved');
      if (differing.length === 0) return;
      throw new Error(
        `mlops charts diff: ${name} is not as its manifests say, got ${differing.length} objects that differ; apply them, or look at what was changed by hand`,
      );
    });
}

function print(name: string, { differences, text }: ChartsDiff, { out }: Surroundings): void {
  if (text !== '') out.line(text.trimEnd());
  if (differences.every(({ change }) => change === 'moved')) out.line(`${name}: the cluster is as the manifests say`);
  for (const { object, change } of differences) out.line(`${change.padEnd(8)} ${object}`);
  const leftOut = new Set(differences.flatMap((difference) => difference.leftOut ?? []));
  for (const path of leftOut) out.note(`left out, because the controller of the engine moves it: ${path}`);
}

/** A folder of its own: what lies in dist/ may be of another commit. */
async function inNewFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-charts-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
