import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { environmentFiles } from '../charts/environment-files';
import { writeFiles } from '../charts/write-files';
import { EXIT, exitCodeOf } from '../cli/exit-code';
import { InvalidInputError } from '../core/invalid-input-error';

const OUT = resolve(__dirname, '../dist/charts');

/**
 * The cdk8s app: `npm run charts` writes the manifests of every environment with the plane `kubernetes`.
 * `-- --out FOLDER` writes them elsewhere.
 */
async function main(): Promise<void> {
  const out = outFolder();
  // Imported here, so that a mistake in them is told like any other.
  const { environments } = await import('../config/environments');
  const { models } = await import('../config/models');
  const all = Object.entries(environments);
  if (!all.some(([, { planes }]) => planes.includes('kubernetes'))) {
    console.error('no environment has the plane kubernetes: docs/guide/kubernetes.md');
  }
  for (const [name, environment] of all) {
    const files = environmentFiles(name, environment, models);
    const folder = join(out, name);
    writeFiles(folder, files);
    const count = Object.keys(files).length;
    if (count === 0) continue;
    console.log(`${relative(process.cwd(), folder)}: ${count} files`);
    for (const model of environment.models) {
      if (`${model}/kustomization.yaml` in files) continue;
      console.error(`${name}: ${model} has no release yet; write one into kubernetes.releases`);
    }
  }
}

function outFolder(): string {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string', default: OUT } } });
    return resolve(values.out);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InvalidInputError(
      'charts',
      `can't be called so, got ${problem}`,
      'call it without arguments or with --out',
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error && exitCodeOf(error) === EXIT.invalidInput ? error.message : error);
  process.exitCode = exitCodeOf(error);
});
