import { modelName } from '../names';
import type { EvidenceRecord, SealedRecord } from './evidence';
import type { ExplainedVerdict } from './gone-off';
import { consequence, describeJudgement } from './guards/describe-judgement';
import type { LiveRelease, ModelPackage, ReleasePorts } from './ports';
import type { ReleaseState } from './release-state';

/** What is kept of a decision's outcome. */
export async function recordOf(
  state: ReleaseState,
  { outcome, failure, alarms, judgement, notJudged }: ExplainedVerdict,
  live: LiveRelease,
  ports: ReleasePorts,
): Promise<EvidenceRecord> {
  const { people } = ports.approvalPolicy;
  const [modelPackage, stack, templateSha256, approvals] = await Promise.all([
    ports.packages.describe(state.decision.modelPackage),
    ports.stack.describe(),
    ports.stack.templateHash(),
    // A release has to be settled whatever became of its approvals; promotions refuse ones that were changed.
    people > 1 ? ports.approvals.list(state.decision.version).catch(() => []) : [],
  ]);
  return {
    schema: 1,
    environment: ports.environment,
    model: ports.model,
    outcome,
    failure,
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
    ...(alarms.length > 0 && { alarms: [...alarms] }),
    ...(judgement && { judgement }),
    ...(notJudged !== undefined && { notJudged }),
    ...(approvals.length > 0 && {
      approvals: approvals
        .filter(({ verdict }) => verdict === 'approved')
        .map(({ person, decidedAt, reason, sha256 }) => ({ person, decidedAt, reason, sha256 })),
    }),
    startedAt: state.startedAt,
    settledAt: ports.now().toISOString(),
  };
}

/** A version as evidence has it. */
export function describePackage(found: ModelPackage): EvidenceRecord['modelPackage'] {
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

/** What people are told first. */
export function subjectOf({ model, environment, decision, outcome, judgement }: EvidenceRecord): string {
  const doubt = outcome === 'released' && judgement && judgement.verdict !== 'healthy' ? DOUBTS[judgement.verdict] : '';
  return `${model} ${decision.version} ${outcome} in ${environment}${doubt}`;
}

const DOUBTS = { tripped: ', although a guard tripped', inconclusive: ', and could not be judged' } as const;

export function messageOf(record: SealedRecord, key: string): string {
  const { decision, outcome, failure, previousRelease, endpoint, judgement, notJudged, sha256 } = record;
  const follows = judgement && outcome === 'released' ? consequence(judgement) : undefined;
  return [
    `decided:   ${decision.kind} by ${decision.by}, ${decision.decidedAt}: ${decision.reason}`,
    `package:   ${decision.modelPackage}`,
    `before:    ${previousRelease}`,
    `serving:   ${endpoint.modelPackage} (${endpoint.status})`,
    ...(failure === null ? [] : [`failure:   ${failure}`]),
    ...(judgement ? [`guards:    ${describeJudgement(judgement)}`] : []),
    ...(notJudged === undefined ? [] : [`guards:    not judged: ${notJudged}`]),
    ...(follows === undefined ? [] : [`note:      ${follows}`]),
    `evidence:  ${key}, SHA-256 ${sha256}`,
  ].join('\n');
}
