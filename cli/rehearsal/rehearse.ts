import { InvalidInputError } from '../../core/invalid-input-error';
import type { ReleaseState } from '../../core/release/release-state';
import { settle } from '../../core/release/settle';
import { readDeployments } from '../../local/loop/deployments';
import { latestExecutionWith } from '../../local/loop/execution';
import { readSample } from '../../local/loop/outputs';
import type { Target } from '../../local/loop/target';
import { exposureOf } from '../../local/rehearsal/exposure';
import type { Fault } from '../../local/rehearsal/fault';
import { describeLivePackage } from '../../local/rehearsal/live-package';
import { makeBadVersion } from '../../local/rehearsal/make-bad-version';
import { registerVersion } from '../../local/rehearsal/register-version';
import { endedAsExpected, type Rehearsal } from '../../local/rehearsal/rehearsal';
import { requireGuard } from '../../local/rehearsal/require-guard';
import { TrafficProcess } from '../../local/traffic/traffic-process';
import type { Surroundings } from '../output';
import { decideApproval } from '../release/approval';
import { followApproval } from '../release/follow-approval';
import { findVersion, modelVersions } from '../release/model-versions';
import type { OpenRelease } from '../release/open-release';
import { Waiting } from '../release/waiting';
import { defaultRate } from './default-rate';
import { describeTraffic } from './describe-traffic';
import { PutBack } from './put-back';

export interface RehearseProps {
  readonly kind: Fault | 'good';
  /** Requests a second. @default - enough for the guards to judge */
  readonly perSecond?: number;
  readonly target: Target;
  readonly release: OpenRelease;
  /** Starts the process that sends the requests. */
  readonly trafficCommand: readonly [string, ...string[]];
  readonly surroundings: Surroundings;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

const APPROVER = 'mlops local release';
const EVERY_SECONDS = 0.5;
/** Longest a release may take on a laptop, whatever its speed. */
const MINUTES = 60;
const FIRST_ANSWERS_MS = 30_000;

/**
 * Releases a further version under steady traffic and follows it to its end.
 * @throws InvalidInputError if nothing serves, or a release is on its way
 */
export async function rehearse(props: RehearseProps): Promise<Rehearsal> {
  const { kind, target, release, surroundings, sleep } = props;
  const { out, now } = surroundings;
  const { guards } = target.props.spec.rollout;
  if (kind !== 'good') requireGuard(target.props.model, kind, guards);
  const live = await describeLivePackage(target);
  const before = await atRest(release);
  const sample = await readLatestSample(target);
  const speed = (await readDeployments(target))?.speed ?? 1;
  const perSecond = props.perSecond ?? defaultRate({ kind, rollout: target.props.spec.rollout, speed });
  const began = now();

  const say = (message: string) => out.transient?.(message);
  const artefact =
    kind === 'good' ? live.artefact : await makeBadVersion(target, { live, fault: kind, now: began, say });
  const registered = await registerVersion(target, live, kind, artefact);
  out.note(
    kind === 'good'
      ? `Registered version ${registered.version}: the artefact of version ${live.version} again`
      : `Registered version ${registered.version}: version ${live.version}, made bad on purpose (${kind})`,
  );

  const putBack = new PutBack(kind === 'good' ? undefined : registered.arn, target, out);
  const traffic = new TrafficProcess({
    command: props.trafficCommand,
    environment: surroundings.environment,
    plan: {
      endpoint: target.endpoint,
      region: target.props.region,
      endpointName: target.name,
      perSecond,
      sample,
    },
  });
  surroundings.onInterrupt(async () => {
    await Promise.allSettled([traffic.stop(), putBack.interrupted()]);
  });
  try {
    await firstAnswers(traffic, sleep);
    out.note(`Sending ${perSecond} requests a second; approving version ${registered.version}`);
    const version = findVersion(await modelVersions(release.api, release.chosen), String(registered.version));
    const reason = kind === 'good' ? 'rehearses a release' : `rehearses a bad release (${kind})`;
    putBack.begin();
    const { changedAt } = await decideApproval({ version, status: 'Approved', reason, by: APPROVER }, release);
    const result = await followApproval(
      { arn: version.arn, version: version.version, approvedAt: changedAt, before: before?.decision },
      release,
      new Waiting({
        minutes: MINUTES,
        everySeconds: EVERY_SECONDS,
        surroundings,
        sleep: async (milliseconds) => {
          traffic.requireRunning();
          // The handlers do it; on a machine that is too busy their event may have come to nothing.
          await settle(release.ports).catch(() => undefined);
          await sleep(milliseconds);
        },
        beside: () => describeTraffic(traffic.totals),
      }),
    );
    const totals = await traffic.stop();
    if (!totals) throw new Error('traffic: must have answers, got none; run the command again');
    await putBack.end(result.outcome === 'released');
    const history = await readDeployments(target);
    const deployment = history?.deployments.find(({ startTime }) => Date.parse(startTime) >= began.getTime());
    const ended = {
      kind,
      outcome: settled(result.outcome),
      alarms: [...new Set(deployment?.fired.map(({ name }) => name))],
      traffic: totals,
    };
    return {
      ...ended,
      model: target.props.model,
      version: version.version,
      from: live.version,
      why: result.why,
      expected: endedAsExpected(ended),
      startedAt: began.toISOString(),
      seconds: (now().getTime() - began.getTime()) / 1000,
      perSecond,
      exposure: deployment ? exposureOf(deployment, history?.speed ?? 1) : null,
      deployment: deployment?.id ?? null,
      evidence: result.evidence,
    };
  } catch (error) {
    await Promise.allSettled([traffic.stop(), putBack.interrupted()]);
    throw error;
  }
}

/** @throws InvalidInputError if a release is on its way */
async function atRest({ ports }: OpenRelease): Promise<ReleaseState | undefined> {
  const settlement = await settle(ports);
  const state = (await ports.state.load())?.state;
  if (settlement.kind !== 'in-progress') return state;
  throw new InvalidInputError(
    `${ports.model} in ${ports.environment}`,
    `must be at rest, got version ${state?.decision.version} on its way (${settlement.status})`,
    'wait for its outcome',
  );
}

function settled(outcome: string): Rehearsal['outcome'] {
  return outcome === 'released' || outcome === 'rolled-back' || outcome === 'failed' ? outcome : null;
}

async function readLatestSample(target: Target) {
  const execution = await latestExecutionWith(target, 'Prepare');
  if (execution) return readSample(target, execution);
  throw new InvalidInputError(
    target.name,
    'has no held-out rows to send, got no execution that prepared any',
    'run npx mlops local run',
  );
}

/** A release that nobody asks anything would tell nothing. */
async function firstAnswers(traffic: TrafficProcess, sleep: RehearseProps['sleep']): Promise<void> {
  for (let waited = 0; waited < FIRST_ANSWERS_MS; waited += 100) {
    traffic.requireRunning();
    if ((traffic.totals?.succeeded ?? 0) > 0) return;
    await sleep(100);
  }
  throw new Error(
    `traffic: has to be answered before a release, got ${describeTraffic(traffic.totals)}; run npx mlops local invoke`,
  );
}
