import type { Command } from 'commander';
import { type Decision, wholeSeconds } from '../../core/release/decision';
import type { ReleaseState } from '../../core/release/release-state';
import { verifyRelease } from '../../core/release/verify';
import { carryOut } from './carry-out';
import { conclude } from './conclude';
import { type ModelVersion, versionOf } from './model-versions';
import type { OpenRelease } from './open-release';
import { personName } from './person';
import { parseReason } from './reason';
import type { ReleaseCommandContext } from './release-command-context';
import type { ReleaseResult } from './release-result';
import { toGoBackTo, toPromote } from './release-target';
import { addWaitOptions, type WaitOptions, waitingFor } from './waiting-options';

interface Options extends WaitOptions {
  readonly env: string;
  readonly reason?: string;
  readonly by?: string;
  readonly json?: boolean;
  readonly writeManifests?: boolean;
}

interface Verb {
  readonly kind: 'promotion' | 'rollback';
  readonly target: (
    opened: OpenRelease,
    version: string | undefined,
    state: ReleaseState | undefined,
  ) => Promise<ModelVersion>;
  readonly reason: (state: ReleaseState | undefined) => string;
}

const PROMOTE: Verb = { kind: 'promotion', target: toPromote, reason: () => 'promoted by hand' };
const ROLL_BACK: Verb = {
  kind: 'rollback',
  target: toGoBackTo,
  reason: (state) => `back from version ${versionOf(state?.live ?? '') ?? 'unknown'}`,
};

/** `mlops release promote` and `mlops release rollback`. */
export function promotionCommands(release: Command, context: ReleaseCommandContext): void {
  addCommand(release, 'promote', 'release an approved version by hand (default: the newest)')
    .option('--reason <text>', 'why, in one line (default: promoted by hand)', parseReason)
    .option('--write-manifests', 'only write the release into the file that the manifests of --env are made from')
    .action(async (model: string, version: string | undefined, options: Options) => {
      if (!options.writeManifests) return run(PROMOTE, model, version, options, context);
      const { writeManifests } = await import('./manifests/write-manifests');
      return writeManifests(model, version, options, context);
    });

  addCommand(release, 'rollback', 'go back to a version that served before (default: the last one before the live one)')
    .option('--reason <text>', 'why, in one line (default: back from the version that is live)', parseReason)
    .action((model: string, version: string | undefined, options: Options) =>
      run(ROLL_BACK, model, version, options, context),
    );
}

function addCommand(release: Command, verb: string, description: string): Command {
  return addWaitOptions(release.command(`${verb} <model> [version]`).description(description))
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--env <name>', 'environment', 'local')
    .option('--json', 'print the outcome as JSON');
}

async function run(
  { kind, target, reason }: Verb,
  model: string,
  text: string | undefined,
  options: Options,
  context: ReleaseCommandContext,
): Promise<void> {
  const { out, now } = context.surroundings;
  const by = personName(options.by, context.user);
  await context.open({ env: options.env, model, toChange: true }, async (opened) => {
    const state = (await opened.ports.state.load())?.state;
    const { arn, version } = await target(opened, text, state);
    const decision = openDecision(state, arn) ?? {
      modelPackage: arn,
      version,
      kind,
      decidedAt: decisionTime(now(), state),
      by,
      reason: options.reason ?? reason(state),
    };
    const result = (await isLive(arn, state, opened))
      ? LIVE_ALREADY
      : await carryOut(decision, opened, waitingFor(opened, context, options));
    const said = { chosen: opened.chosen, version, result, waited: options.wait !== false };
    if (options.json) {
      const { environmentName: environment } = opened.chosen;
      out.line(JSON.stringify({ environment, model, ...decision, ...result }, null, 2));
      conclude(said);
    } else out.line(conclude(said));
  });
}

const LIVE_ALREADY: ReleaseResult = { outcome: 'live-already', why: null, evidence: null };

/**
 * Now, but later than the decision that was acted on last: this one is made in its knowledge. By a clock that is slow, as that
 * of a virtual machine after a sleep, it would be taken for the earlier one, and given up.
 */
function decisionTime(now: Date, state: ReleaseState | undefined): string {
  const earliest = state === undefined ? Number.NEGATIVE_INFINITY : Date.parse(state.decision.decidedAt) + 1000;
  return wholeSeconds(new Date(Math.max(now.getTime(), earliest)));
}

/** A decision for the same version that a command before was cut off from: it is taken up, not made again. */
function openDecision(state: ReleaseState | undefined, arn: string): Decision | undefined {
  return state && !state.settled && state.decision.modelPackage === arn ? state.decision : undefined;
}

async function isLive(arn: string, state: ReleaseState | undefined, { ports }: OpenRelease): Promise<boolean> {
  if (!state?.settled || state.live !== arn) return false;
  const { release, mismatches } = await verifyRelease(ports);
  return release === arn && mismatches.length === 0;
}
