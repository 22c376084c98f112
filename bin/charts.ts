import { join, relative, resolve } from 'node:path';
import { environmentFiles } from '../charts/environment-files';
import { writeFiles } from '../charts/write-files';
import { EXIT, exitCodeOf } from '../cli/exit-code';

const OUT = resolve(__dirname, '../dist/charts');

/** The cdk8s app: `npm run charts` writes the manifests of every environment with the plane `kubernetes`. */
async function main(): Promise<void> {
  // Imported here, so that a mistake in them is told like any other.
  const { environments } = await import('../config/environments');
  const { models } = await import('../config/models');
  const all = Object.entries(environments);
  if (!all.some(([, { planes }]) => planes.includes('kubernetes'))) {
    console.error('no environment has the plane kubernetes: docs/guide/kubernetes.md');
  }
  for (const [name, environment] of all) {
    const files = environmentFiles(name, environment, models);
    const folder = join(OUT, name);
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

main().catch((error: unknown) => {
  console.error(error instanceof Error && exitCodeOf(error) === EXIT.invalidInput ? error.message : error);
  process.exitCode = exitCodeOf(error);
});
