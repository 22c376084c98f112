import { choose } from '../../../../cli/model-argument';
import { decideApproval } from '../../../../cli/release/approval';
import { conclude } from '../../../../cli/release/conclude';
import { followApproval } from '../../../../cli/release/follow-approval';
import type { OpenRelease } from '../../../../cli/release/open-release';
import { Waiting } from '../../../../cli/release/waiting';
import type { ApprovalPolicy } from '../../../../core/release/approval/approval-policy';
import { surroundings } from '../surroundings';
import { BUCKET, FakeAccount, MODEL, packageArn } from './fake-account';

const APPROVED_AT = '2026-03-01T12:00:00Z';

async function opened(account: FakeAccount, approvalPolicy: ApprovalPolicy): Promise<OpenRelease> {
  return {
    chosen: await choose('dev'),
    api: account,
    ports: { ...account.ports, approvalPolicy },
    evidence: { api: account, bucket: BUCKET, environment: 'dev', model: MODEL },
  };
}

function follow(account: FakeAccount, release: OpenRelease) {
  const now = () => new Date(account.aws.time);
  const waiting = new Waiting({
    minutes: 5,
    everySeconds: 1,
    sleep: account.sleep,
    surroundings: { ...surroundings(), now },
  });
  return followApproval({ arn: packageArn(1), version: 1, approvedAt: APPROVED_AT }, release, waiting);
}

describe('an approval that another person has to join', () => {
  const two: ApprovalPolicy = { people: 2, expiresHours: 24 };

  test('ends well for the first one, who is told what is missing', async () => {
    const account = new FakeAccount().register('PendingManualApproval');
    const release = await opened(account, two);
    await release.ports.approvals.add({
      schema: 1,
      environment: 'dev',
      model: MODEL,
      modelPackage: packageArn(1),
      version: 1,
      verdict: 'approved',
      person: 'arn:ada',
      reason: 'good',
      decidedAt: APPROVED_AT,
    });
    const result = await follow(account, release);
    expect(result).toEqual({
      outcome: 'awaits-approval',
      why: 'version 1 has 1 of 2 approvals, by arn:ada',
      evidence: null,
    });
    expect(conclude({ chosen: release.chosen, version: 1, result, waited: true })).toBe(
      'Your approval is recorded: version 1 has 1 of 2 approvals, by arn:ada. Another person says yes with: npx mlops release approve flight-delay 1 --env dev --reason …',
    );
  });

  test('fails when it was taken back and not recorded', async () => {
    const account = new FakeAccount().register('PendingManualApproval');
    expect(await follow(account, await opened(account, two))).toMatchObject({ outcome: 'withdrawn' });
  });
});

describe('an approval that has expired', () => {
  const day: ApprovalPolicy = { people: 1, expiresHours: 24 };
  const version = { arn: packageArn(1), version: 1, approval: 'Approved' };
  const say = { version, status: 'Approved' as const, reason: 'still good', by: 'ada' };

  test.each([
    [24, []],
    [25, ['PendingManualApproval', 'Approved']],
  ])('is, %d hours later, given again by %j', async (hours, statuses) => {
    const account = new FakeAccount().register('PendingManualApproval');
    const release = await opened(account, day);
    await decideApproval(say, release);
    account.changes.length = 0;
    account.aws.time += hours * 3_600_000;
    expect(await decideApproval(say, release)).toMatchObject({ changed: statuses.length > 0 });
    expect(account.changes.map(({ ModelApprovalStatus }) => ModelApprovalStatus)).toEqual(statuses);
  });

  test('is refused by a promotion by hand with what to do', async () => {
    const { chosen } = await opened(new FakeAccount(), day);
    const result = { outcome: 'expired' as const, why: 'version 1 was approved at noon', evidence: null };
    expect(() => conclude({ chosen, version: 1, result, waited: true })).toThrow(
      'version 1 must be approved anew, got version 1 was approved at noon; approve it again, see npx mlops release history flight-delay --env dev',
    );
  });
});
