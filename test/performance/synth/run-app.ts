import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { context } from '../../../cdk.json';
import type { BenchPlace } from '../measure/bench-place';
import { FIGURES_FILE, type SynthFigures } from './figures';

export interface AppRun {
  /** In this folder. */
  readonly script: 'our-app.ts' | 'bare-app.ts' | 'write-plan.ts';
  readonly args: readonly string[];
  /** Where the assembly goes. */
  readonly outdir: string;
  readonly validates: boolean;
}

/** What the CDK CLI gives an app besides the context of cdk.json. */
const OF_CLI = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': false,
  'aws:cdk:bundling-stacks': ['**'],
};

const running = new Set<ChildProcess>();

export function killApps(): void {
  for (const child of running) child.kill('SIGKILL');
}

/**
 * Runs an app in a process of its own, as the CDK CLI would.
 * @returns undefined of an app that measures nothing
 * @throws Error with the end of the log if it fails
 */
export async function runApp({ root, directory }: BenchPlace, run: AppRun): Promise<SynthFigures | undefined> {
  const { script, args, outdir, validates } = run;
  const figures = join(directory, 'synth-figures.json');
  const logFile = join(directory, 'synth.log');
  rmSync(figures, { force: true });
  rmSync(outdir, { recursive: true, force: true });
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, ['-r', 'tsx/cjs', join(__dirname, script), ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...OF_CLI }),
      [FIGURES_FILE]: figures,
      ...(validates ? {} : { CDK_VALIDATION: 'false' }),
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  running.delete(child);
  if (code !== 0) {
    const tail = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
    throw new Error(`${script} ${args.join(' ')}: ended with ${code ?? signal}; see ${logFile}:\n${tail}`);
  }
  return script === 'write-plan.ts' ? undefined : (JSON.parse(readFileSync(figures, 'utf8')) as SynthFigures);
}
