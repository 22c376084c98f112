import { NO_RELEASE } from '../names';
import { standingOf } from './approval/standing';
import { compactTime, wholeSeconds } from './decision';
import type { ReleasePorts } from './ports';
import { whyForeign } from './registry';
import { seal } from './seal';
import { type VariantRecord, variantKey } from './variant-record';

/** What a variant besides the live one shall serve. */
export interface Assignment {
  readonly variant: string;
  /** ARN of an approved version, or `none`: a challenger then serves the live version, and a shadow goes. */
  readonly modelPackage: string;
  /** The variant's release parameter. */
  readonly parameter: ReleasePorts['parameter'];
  /** Who decided, and why. */
  readonly by: string;
  readonly reason: string;
}

export type AssignmentAnswer =
  /**
   * @property token of the stack's operation
   * @property previous what to put back if it fails
   * @property decidedAt ISO
   */
  | { readonly kind: 'started'; readonly token: string; readonly previous: string; readonly decidedAt: string }
  | { readonly kind: 'unchanged' }
  /** Somebody else's turn: try again later. */
  | { readonly kind: 'busy'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Writes the variant's release parameter and lets CloudFormation update the serving stack, under the same guards as any
 * release. The live version stays what it is. A parameter that no update follows is put back.
 * @throws Error of the service when it can't say whether a call had an effect; call again
 */
export async function assignVariant(assignment: Assignment, ports: ReleasePorts): Promise<AssignmentAnswer> {
  const { variant, modelPackage, parameter } = assignment;
  const objection = modelPackage === NO_RELEASE ? undefined : await objectionTo(modelPackage, ports);
  if (objection !== undefined) return { kind: 'refused', why: objection };
  const held = await ports.state.load();
  if (held && !held.state.settled) {
    return { kind: 'busy', why: `version ${held.state.decision.version} is on its way` };
  }
  const { status } = await ports.stack.describe();
  if (status.endsWith('_IN_PROGRESS')) return { kind: 'busy', why: `the stack is ${status}` };

  const previous = await parameter.read();
  if (previous !== modelPackage) await parameter.write(modelPackage);
  const decidedAt = wholeSeconds(ports.now());
  const token = assignmentToken(variant, decidedAt);
  const answer = await ports.stack.update(token);
  if (answer.kind === 'started') {
    const started = { kind: 'started', token, previous, decidedAt } as const;
    await recordAssignment(assignment, started, { outcome: 'started', failure: null }, ports);
    return started;
  }
  if (answer.kind !== 'unchanged' && previous !== modelPackage) await parameter.write(previous);
  return answer;
}

/** Of the stack's operation for an assignment. */
export function assignmentToken(variant: string, decidedAt: string): string {
  return `variant-${variant}-${compactTime(decidedAt)}`;
}

/** Seals what became of an assignment. @returns the record's place in the evidence bucket */
export async function recordAssignment(
  { variant, modelPackage, by, reason }: Assignment,
  { previous, decidedAt }: { readonly previous: string; readonly decidedAt: string },
  { outcome, failure }: Pick<VariantRecord, 'outcome' | 'failure'>,
  ports: ReleasePorts,
): Promise<string> {
  const [{ id, status }, templateSha256, live] = await Promise.all([
    ports.stack.describe(),
    ports.stack.templateHash(),
    ports.endpoint.live(),
  ]);
  const record: VariantRecord = {
    schema: 1,
    environment: ports.environment,
    model: ports.model,
    variant,
    outcome,
    failure,
    modelPackage,
    previous,
    live: live.modelPackage,
    by,
    reason,
    stack: { id, status, templateSha256 },
    decidedAt,
    recordedAt: ports.now().toISOString(),
  };
  const key = variantKey(record);
  await ports.evidence.keepVariant(key, seal(record));
  return key;
}

async function objectionTo(arn: string, ports: ReleasePorts): Promise<string | undefined> {
  const { registry } = ports;
  const foreign = whyForeign(registry, arn);
  if (foreign !== undefined) return foreign;
  const found = await ports.packages.describe(arn);
  if (!found) return `${arn} is not in the registry`;
  if (found.approval !== 'Approved') return `version ${found.version} is ${found.approval}`;
  if (found.group !== registry.group) return `${arn} is not a version of ${registry.group}`;
  const standing = await standingOf(found, found.changedAt ?? ports.now().toISOString(), ports);
  return standing.kind === 'stands' ? undefined : standing.why;
}
