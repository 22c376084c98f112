import type { Command } from 'commander';
import { furtherReleases } from '../../config/further-releases';
import { InvalidInputError } from '../../core/invalid-input-error';
import { NO_RELEASE } from '../../core/names';
import { type Assignment, assignVariant, recordAssignment } from '../../core/release/assign-variant';
import { settleAssignments } from '../../core/release/aws/settle-assignments';
import { variantParameter } from '../../core/release/aws/variant-parameter';
import { findVersion, modelVersions } from './model-versions';
import type { OpenRelease } from './open-release';
import { personName } from './person';
import { parseReason } from './reason';
import type { ReleaseCommandContext } from './release-command-context';
import type { Waiting } from './waiting';
import { addWaitOptions, type WaitOptions, waitingFor } from './waiting-options';

interface Options extends WaitOptions {
  readonly env: string;
  readonly variant: string;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** `mlops release assign`. */
export function assignCommand(release: Command, context: ReleaseCommandContext): void {
  const { out } = context.surroundings;
  const command = release
    .command('assign <model> <version>')
    .description('let a challenger or the shadow serve an approved version, or none; what is live stays')
    .requiredOption('--variant <name>', 'which, as config/models.ts names it; shadow for the shadow')
    .option('--reason <text>', 'why, in one line; it is kept as evidence', parseReason)
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--env <name>', 'environment', 'local')
    .option('--json', 'print the outcome as JSON');
  addWaitOptions(command).action(async (model: string, text: string, options: Options) => {
    const { env, variant, json, reason = 'assigned by hand' } = options;
    const by = personName(options.by, context.user);
    await context.open({ env, model, toChange: true }, async (opened) => {
      checkVariant(variant, opened);
      const { api, ports, evidence } = opened;
      const parameter = variantParameter(api.ssm, ports, variant);
      for (const news of await settleAssignments({ api, ports, bucket: evidence.bucket, variant })) out.note(news);
      const { arn, version } =
        text === NO_RELEASE
          ? { arn: NO_RELEASE, version: null }
          : findVersion(await modelVersions(opened.api, opened.chosen), text);
      const assignment = { variant, modelPackage: arn, parameter, by, reason };
      const answer = await assignVariant(assignment, opened.ports);
      if (answer.kind === 'busy' || answer.kind === 'refused') {
        throw new Error(`${model} in ${env}: ${variant} was left as it is, got ${answer.kind}: ${answer.why}`);
      }
      const waiting = waitingFor(opened, context, options);
      const ended =
        answer.kind === 'unchanged' || (waiting !== undefined && (await hasEnded(answer, assignment, opened, waiting)));
      const what = version === null ? 'no version of its own' : `version ${version}`;
      if (json) out.line(JSON.stringify({ environment: env, model, variant, version, ended }, null, 2));
      else out.line(`${variant} of ${model} in ${env} ${ended ? 'serves' : 'is on its way to'} ${what}`);
      if (!ended)
        out.note(
          'how it ends is recorded by the stack, when it has ended or within the hour, or by the next release assign',
        );
    });
  });
}

function checkVariant(variant: string, { chosen: { model, spec } }: OpenRelease): void {
  const variants = furtherReleases(spec.serving);
  if (variants.includes(variant)) return;
  throw new InvalidInputError(
    '--variant',
    `${model} has no such variant with a release of its own, got ${variant}`,
    variants.length > 0
      ? `choose from ${variants.join(', ')}`
      : 'serve it by multi-variant or shadow in config/models.ts',
  );
}

/** @throws Error if the update failed: the parameter is then what it was, so that no later deployment tries again */
async function hasEnded(
  started: { readonly token: string; readonly previous: string; readonly decidedAt: string },
  assignment: Assignment,
  { ports }: OpenRelease,
  waiting: Waiting,
): Promise<boolean> {
  for (;;) {
    const operation = await ports.stack.operation(started.token);
    const status = operation?.status ?? 'not begun';
    if (status === 'UPDATE_COMPLETE') {
      await recordAssignment(assignment, started, { outcome: 'serves', failure: null }, ports);
      return true;
    }
    if (operation && !status.endsWith('_IN_PROGRESS')) {
      // Unless somebody has assigned another version since.
      const { parameter, modelPackage } = assignment;
      if ((await parameter.read()) === modelPackage) await parameter.write(started.previous);
      const failure = `the stack is ${status}: ${operation.failure ?? 'no reason given'}`;
      await recordAssignment(assignment, started, { outcome: 'rolled-back', failure }, ports);
      throw new Error(`${failure}; the variant serves what it did`);
    }
    if (!(await waiting.pause(`the stack is ${status}`))) return false;
  }
}
