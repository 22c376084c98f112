import type { Command } from 'commander';
import { furtherReleases } from '../../config/further-releases';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { ReleaseState } from '../../core/release/release-state';
import { type Approval, type ApprovalProps, decideApproval } from './approval';
import { conclude } from './conclude';
import { followApproval } from './follow-approval';
import { findVersion, modelVersions } from './model-versions';
import type { OpenRelease } from './open-release';
import { personName } from './person';
import { approvalAnswer, printApproval } from './print-approval';
import { parseReason } from './reason';
import type { ReleaseCommandContext } from './release-command-context';
import type { ReleaseResult } from './release-result';
import { addWaitOptions, type WaitOptions, waitingFor } from './waiting-options';

interface Options extends WaitOptions {
  readonly env: string;
  readonly reason: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `mlops release approve` and `mlops release reject`. */
export function approvalCommands(release: Command, context: ReleaseCommandContext): void {
  const { out } = context.surroundings;

  const approve = addCommand(release, 'approve', 'say yes to a version, with a reason; the approval promotes it');
  addWaitOptions(approve).action(async (model: string, text: string, options: Options) => {
    const { env, json, wait } = options;
    await context.open({ env, model, toChange: false }, async (opened) => {
      const before = (await opened.ports.state.load())?.state;
      const approval = await decide('Approved', text, options, context, opened);
      if (!json) for (const line of printApproval(approval, opened)) out.line(line);
      const result = await follow(approval, before, options, context, opened);
      if (json) out.line(JSON.stringify(approvalAnswer(approval, opened, result), null, 2));
      const { version } = approval.found;
      const said = result
        ? conclude({ chosen: opened.chosen, version, result, waited: wait !== false })
        : howToRelease(approval, opened);
      if (!json) out.line(said);
    });
  });

  const reject = addCommand(release, 'reject', 'say no to a version, with a reason; what serves goes on serving');
  reject.action(async (model: string, text: string, options: Options) => {
    const { env, json } = options;
    await context.open({ env, model, toChange: false }, async (opened) => {
      const approval = await decide('Rejected', text, options, context, opened);
      if (json) out.line(JSON.stringify(approvalAnswer(approval, opened, undefined), null, 2));
      else for (const line of printApproval(approval, opened)) out.line(line);
      const { arn, version } = approval.found;
      if ((await opened.ports.state.load())?.state.live !== arn) return;
      out.note(`Version ${version} goes on serving. To go back: npx mlops release rollback ${model} --env ${env}`);
    });
  });
}

/** Where an approval promotes nothing by itself. */
function howToRelease({ changed, found: { version } }: Approval, { chosen }: OpenRelease): string {
  const { model, environmentName: env, spec } = chosen;
  const [variant] = furtherReleases(spec.serving);
  const words = `${model} ${version} --env ${env}`;
  return [
    `To release it${changed ? '' : ' again'}: npx mlops release promote ${words}`,
    ...(variant === undefined
      ? []
      : [`To let a variant serve it: npx mlops release assign ${words} --variant ${variant}`]),
  ].join('\n');
}

function addCommand(release: Command, verb: string, description: string): Command {
  return release
    .command(`${verb} <model> <version>`)
    .description(description)
    .requiredOption('--reason <text>', 'why, in one line; it is kept as evidence', parseReason)
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--env <name>', 'environment', 'local')
    .option('--json', 'print the outcome as JSON');
}

async function decide(
  status: ApprovalProps['status'],
  text: string,
  { reason, by }: Options,
  { user }: ReleaseCommandContext,
  opened: OpenRelease,
): Promise<Approval> {
  const name = personName(by, user);
  refuseElsewhere(text, opened);
  const version = findVersion(await modelVersions(opened.api, opened.chosen), text);
  return decideApproval({ version, status, reason, by: name }, opened);
}

/** One status of a version can't be the word of two environments: that of the registry says it. */
function refuseElsewhere(text: string, { chosen: { environmentName, model, source } }: OpenRelease): void {
  if (!source) return;
  throw new InvalidInputError(
    `--env ${environmentName}`,
    `versions of ${model} are approved in ${source.environmentName}, got ${environmentName}`,
    `decide there with --env ${source.environmentName}; npx mlops release promote ${model} ${text} --env ${environmentName} releases an approved version here`,
  );
}

/**
 * @returns undefined if there is nothing to follow: it was approved before and no promotion of it is on its way, or an
 * approval promotes nothing because there are several variants
 */
async function follow(
  { changed, changedAt, found: { arn, version } }: Approval,
  before: ReleaseState | undefined,
  options: Options,
  context: ReleaseCommandContext,
  opened: OpenRelease,
): Promise<ReleaseResult | undefined> {
  const onItsWay = before !== undefined && !before.settled && before.decision.modelPackage === arn;
  if (!changed && !onItsWay) return undefined;
  // Somebody has to say which variant serves it.
  if (furtherReleases(opened.chosen.spec.serving).length > 0 && !onItsWay) return undefined;
  const waiting = waitingFor(opened, context, options);
  if (!waiting) return { outcome: 'in-progress', why: 'The approval promotes it', evidence: null };
  const earlier = changed ? before?.decision : undefined;
  return followApproval({ arn, version, approvedAt: changedAt, before: earlier }, opened, waiting);
}
