import { compareDecisions, type Decision, operationToken } from '../../../core/release/decision';
import type { SealedRecord } from '../../../core/release/evidence';
import { isIntact } from '../../../core/release/seal';
import type { FakeAws } from '../core/release/fake-aws';
import { packageArn } from '../core/release/fake-aws';

/**
 * What is specified of promotions, as a state machine apart from the code.
 *
 * A version is `pending`, `approved`, `rejected` or `deleted`. Each approval is a decision, ordered by time and then by
 * version. A decision is taken up (the record of the state names it) and then has one outcome for good. What is live
 * changes by an outcome `released` only, and goes to the version of that decision; or an endpoint goes back by itself,
 * and a second record marks the release as rolled back.
 */
export class PromotionModel {
  /** Everything that was ever approved, in the order of the approvals. */
  readonly decisions: Pick<Decision, 'modelPackage' | 'version' | 'decidedAt'>[] = [];
  private readonly records = new Map<string, string>();
  private newest: Decision | undefined;

  approved(version: number, decidedAt: string): void {
    this.decisions.push({ modelPackage: packageArn(version), version, decidedAt });
  }

  /** What must hold at every moment, a sentence for each breach. */
  breaches(aws: FakeAws): string[] {
    const wrong: string[] = [];
    const { state } = aws;
    const versions = new Set(['none', ...this.decisions.map(({ modelPackage }) => modelPackage)]);
    for (const [what, value] of Object.entries({ served: aws.served, parameter: aws.parameter, live: state?.live })) {
      if (value !== undefined && !versions.has(value)) wrong.push(`${what} is ${value}, which nobody approved`);
    }
    if (state && this.newest && compareDecisions(state.decision, this.newest) < 0)
      wrong.push('an earlier decision came after a later one');
    const takenUp = state && !(this.newest && sameAs(state.decision, this.newest)) ? state.decision : undefined;
    if (takenUp && aws.approvals.get(takenUp.modelPackage) !== 'Approved')
      wrong.push(`version ${takenUp.version} was taken up without an approval`);
    this.newest = state?.decision ?? this.newest;
    if (state?.settled && state.outcome !== 'released' && state.live !== state.previous)
      wrong.push('a failed release changed what is live');
    for (const [key, record] of Object.entries(aws.evidence)) {
      const text = JSON.stringify(record);
      if ((this.records.get(key) ?? text) !== text) wrong.push(`${key} was written twice`);
      this.records.set(key, text);
      if (!isIntact(record)) wrong.push(`${key} is not what was sealed`);
    }
    return wrong;
  }

  /** What must hold once every message has been answered and every update has ended. */
  inconsistencies(aws: FakeAws): string[] {
    const { state } = aws;
    const last = this.decisions
      .filter(({ modelPackage }) => aws.approvals.get(modelPackage) === 'Approved')
      .toSorted((a, b) => compareDecisions(a as Decision, b as Decision))
      .at(-1);
    const records = Object.values(aws.evidence).toSorted((a, b) => compareDecisions(a.decision, b.decision));
    const goneBack = records.filter(({ outcome }) => outcome !== 'released');
    const released =
      records.findLast(({ outcome, decision }) => outcome === 'released' && !goneBack.some(isAbout(decision)))?.decision
        .modelPackage ?? 'none';
    const wrong = {
      'the last decision that stands was passed over':
        last !== undefined && (!state || compareDecisions(state.decision, last as Decision) < 0),
      'a decision is open': state?.settled === false,
      'the decision that counts has no evidence': state !== undefined && !records.some(isAbout(state.decision)),
      'an update has no evidence': aws.tokens.some(
        (token) => !records.some((each) => operationToken(each.decision) === token),
      ),
      'the parameter is not the live release': aws.parameter !== (state?.live ?? 'none'),
      'the endpoint does not serve the live release': aws.served !== (state?.live ?? 'none'),
      'the live release is not the last that the evidence calls released': (state?.live ?? 'none') !== released,
      'a record is about no decision': !records.every(({ decision }) =>
        this.decisions.some((each) => sameAs(each, decision)),
      ),
    };
    return Object.entries(wrong).flatMap(([sentence, holds]) => (holds ? [sentence] : []));
  }
}

function isAbout(decision: Decision): (record: SealedRecord) => boolean {
  return (record) => sameAs(record.decision, decision);
}

function sameAs(a: Pick<Decision, 'version' | 'decidedAt'>, b: Pick<Decision, 'version' | 'decidedAt'>): boolean {
  return a.version === b.version && a.decidedAt === b.decidedAt;
}
