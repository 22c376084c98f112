import { modelName } from '../names';
import { type EvidenceRecord, evidenceKey, seal } from './evidence';
import type { LiveRelease, ModelPackage, ReleasePorts } from './ports';
import type { Outcome, ReleaseState } from './release-state';

export interface Verdict {
  readonly outcome: Outcome;
  /** Null when released. */
  readonly failure: string | null;
}

/**
 * Ends a decision: the parameter says what is meant to serve, the evidence is kept, the state is settled, people are
 * told. In this order, and each step can be repeated: whoever is cut off leaves an open decision behind, which the next
 * one settles with the outcome that the evidence has.
 */
export async function finish(
  held: { readonly state: ReleaseState; readonly tag: string },
  verdict: Verdict,
  ports: ReleasePorts,
  seen?: LiveRelease,
): Promise<Verdict> {
  const { state, tag } = held;
  const { decision } = state;
  const live = seen ?? (await ports.endpoint.live());
  // Before the evidence: whoever is cut off in between leaves nothing behind that a deployment could turn into another
  // truth than the recorded one. And a failed version must not come back with the next deployment.
  await meanToServe(state, verdict.outcome, ports);
  const key = evidenceKey(ports.environment, ports.model, decision);
  const kept = await ports.evidence.keep(key, seal(await recordOf(state, verdict, live, ports)));
  const { outcome, failure } = kept;
  if (outcome !== verdict.outcome) await meanToServe(state, outcome, ports);

  const replaced = await ports.state.replace(
    { ...state, settled: true, outcome, live: outcome === 'released' ? decision.modelPackage : state.live },
    tag,
  );
  if (replaced) await ports.notify(subject(ports, decision.version, outcome), message(kept, key));
  return { outcome, failure };
}

/** Writes the parameter by the outcome, and leaves alone what somebody else wrote there. */
async function meanToServe({ decision, previous }: ReleaseState, outcome: Outcome, ports: ReleasePorts): Promise<void> {
  const release = outcome === 'released' ? decision.modelPackage : previous;
  const value = await ports.parameter.read();
  const isOurs = value === decision.modelPackage || value === previous;
  if (isOurs && value !== release) await ports.parameter.write(release);
}

async function recordOf(
  state: ReleaseState,
  verdict: Verdict,
  live: LiveRelease,
  ports: ReleasePorts,
): Promise<EvidenceRecord> {
  const [modelPackage, stack, templateSha256] = await Promise.all([
    ports.packages.describe(state.decision.modelPackage),
    ports.stack.describe(),
    ports.stack.templateHash(),
  ]);
  return {
    schema: 1,
    environment: ports.environment,
    model: ports.model,
    ...verdict,
    decision: state.decision,
    modelPackage: modelPackage ? describePackage(modelPackage) : null,
    previousRelease: state.previous,
    stack: { id: stack.id, status: stack.status, templateSha256 },
    endpoint: {
      name: modelName(ports.environment, ports.model),
      status: live.endpointStatus,
      endpointConfig: live.endpointConfig,
      model: live.model,
      modelPackage: live.modelPackage,
    },
    startedAt: state.startedAt,
    settledAt: ports.now().toISOString(),
  };
}

function describePackage(found: ModelPackage): EvidenceRecord['modelPackage'] {
  const { arn, approval, changedBy, reason, image, artefact, metricsUri, metadata } = found;
  return {
    arn,
    approval,
    approvedBy: changedBy,
    approvalReason: reason,
    image,
    artefact,
    metricsUri,
    metadata,
  };
}

function subject({ environment, model }: ReleasePorts, version: number, outcome: Outcome): string {
  return `${model} ${version} ${outcome} in ${environment}`;
}

function message(
  { decision, failure, previousRelease, endpoint, sha256 }: EvidenceRecord & { sha256: string },
  key: string,
): string {
  return [
    `decided:   ${decision.kind} by ${decision.by}, ${decision.decidedAt}: ${decision.reason}`,
    `package:   ${decision.modelPackage}`,
    `before:    ${previousRelease}`,
    `serving:   ${endpoint.modelPackage} (${endpoint.status})`,
    ...(failure === null ? [] : [`failure:   ${failure}`]),
    `evidence:  ${key}, SHA-256 ${sha256}`,
  ].join('\n');
}
