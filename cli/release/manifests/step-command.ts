import type { Command } from 'commander';
import type { NextStep } from '../../../config/kubernetes/next-step';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { personName } from '../person';
import { parseReason } from '../reason';
import type { ReleaseCommandContext } from '../release-command-context';
import { keepEvidence } from './keep-evidence';

interface Options {
  readonly env: string;
  readonly back?: boolean;
  readonly early?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `mlops release step`: what a controller does with other engines. */
export function stepCommand(release: Command, context: ReleaseCommandContext): void {
  release
    .command('step <model>')
    .description('write the next step of a candidate on Kubernetes, or its way back, into the file of releases')
    .requiredOption('--env <name>', 'environment')
    .option('--back', 'send all traffic to the stable release again')
    .option('--early', 'take it before the candidate was watched for as long as the policy says; needs --reason')
    .option('--reason <text>', 'why, in one line; it is kept as evidence', parseReason)
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--json', 'print what was written as JSON')
    .action((model: string, options: Options) => run(model, options, context));
}

async function run(
  model: string,
  options: Options,
  { surroundings, user, open }: ReleaseCommandContext,
): Promise<void> {
  const { out, repository } = surroundings;
  const { env, back = false, json, reason = back ? 'sent back by hand' : 'taken by hand' } = options;
  if (options.early && options.reason === undefined) {
    throw new InvalidInputError('--early', 'is kept as evidence with its reason, got no --reason', 'say why it can be');
  }
  const by = personName(options.by, user);
  // With the schemas of the config, which take a while to load.
  const { nextStep, stepBack } = await import('../../../config/kubernetes/next-step');
  const { requireReleaseFile, writeReleaseFile } = await import('./write-release-file');
  const { requireWatched } = await import('./require-watched');
  await open({ env, model, toChange: false }, async (opened) => {
    const { chosen } = opened;
    requireReleaseFile(chosen, repository);
    if (!back && !options.early) await requireWatched(opened);
    let taken: NextStep | undefined;
    const change = await writeReleaseFile(chosen, repository, {
      next: (current, { engine }) => {
        const props = { where: `${model} in ${env}`, engine, spec: chosen.spec };
        taken = back ? stepBack(current, props) : nextStep(current, props);
        return taken.releases;
      },
      before: (planned) => keepEvidence({ change: back ? 'back' : 'step', by, reason }, planned, opened),
    });
    const { file, changed, releases, evidence } = change;
    const { step } = taken ?? {};
    if (json) {
      out.line(
        JSON.stringify({ environment: env, model, step: step ?? null, file, changed, releases, evidence }, null, 2),
      );
    } else out.line(`${said(model, back, changed, step)} (${file}). Commit it; npm run charts makes manifests of it.`);
  });
}

function said(model: string, back: boolean, changed: boolean, step: NextStep['step']): string {
  if (!changed) return `The candidate of ${model} has no traffic already`;
  if (back) return `All traffic of ${model} goes to the stable release`;
  if (!step) return `The candidate of ${model} has taken all steps and is the stable release`;
  const watched = step.minutes > 0 ? `; watch it for ${step.minutes} minutes before the next one` : '';
  return `The candidate of ${model} takes step ${step.number} of ${step.of}, ${step.percent} % of the traffic${watched}`;
}
