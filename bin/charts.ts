import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printWritten } from '../cli/charts/write-charts';
import { EXIT, exitCodeOf } from '../cli/exit-code';
import { InvalidInputError } from '../core/invalid-input-error';

const OUT = resolve(__dirname, '../dist/charts');

/**
 * The cdk8s app: `npm run charts` writes the manifests of every environment with the plane `kubernetes`.
 * `-- --out FOLDER` writes them elsewhere.
 */
async function main(): Promise<void> {
  const out = outFolder();
  const { writeCharts } = await import('./write-charts');
  printWritten(await writeCharts(out), { line: console.log, note: console.error });
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
