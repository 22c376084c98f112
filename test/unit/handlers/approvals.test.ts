import { promote } from '../../../core/release/promote';
import { isIntact } from '../../../core/release/seal';
import { createHandler } from '../../../handlers/model-package-state-change/handler';
import { handlerPorts } from '../../../handlers/release-ports';
import type { Settings } from '../../../handlers/settings';
import { identityOf, packageArn } from '../core/release/fake-aws';
import { approval, batch, handlerFixture } from './handler-fixture';

const HOUR = 3_600_000;
const BY_HAND = { version: 1, kind: 'promotion', decidedAt: '2026-03-01T13:00:00Z', by: 'eve', reason: 'now' } as const;

/** An environment that asks two people, whose approvals count for a day. Version 1 waits for them. */
function twoPeople(policy: Partial<Settings> = {}) {
  const fixture = handlerFixture({ APPROVAL_PEOPLE: 2, APPROVAL_EXPIRES_HOURS: 24, ...policy });
  const { aws, props, logged } = fixture;
  aws.approvals.set(packageArn(1), 'PendingManualApproval');
  const handler = createHandler(props);
  const at = () => new Date(aws.time).toISOString();
  const says = (person: string, status: 'Approved' | 'Rejected'): object => {
    aws.change(packageArn(1), status, person);
    return {
      ...approval(1, at()),
      detail: { ...(approval(1) as { detail: object }).detail, ModelApprovalStatus: status },
    };
  };
  const deliver = async (event: object) => {
    await handler(batch(event));
    return logged.at(-1);
  };
  const records = () => [...aws.objects].filter(([key]) => key.startsWith('approvals/')).map(([key]) => key);
  return {
    ...fixture,
    records,
    says,
    deliver,
    /** Somebody says yes, and the handler hears of it a second later. */
    approves: async (person: string) => {
      const event = says(person, 'Approved');
      aws.time += 1000;
      const answer = await deliver(event);
      aws.time += 60_000;
      return answer;
    },
    ports: handlerPorts(props.settings, props.api, props.now),
  };
}

describe('an approval where two people are asked', () => {
  test('is written down, told and taken back until another person says yes', async () => {
    const { aws, published, records, approves } = twoPeople();
    expect(await approves('ada')).toMatchObject({
      kind: 'waits',
      why: `version 1 has 1 of 2 approvals, by ${identityOf('ada')}`,
    });
    expect(aws.updates).toEqual([]);
    expect(aws.parameter).toBe('none');
    expect(aws.approvals.get(packageArn(1))).toBe('PendingManualApproval');
    expect(records()).toEqual(['approvals/dev/churn/1/1.json']);
    expect(published).toEqual([expect.objectContaining({ Subject: 'churn 1 in dev: 1 of 2 approvals' })]);
  });

  test('publishes once the second person has said yes, and the evidence names both', async () => {
    const { aws, approves } = twoPeople();
    await approves('ada');
    expect(await approves('bob')).toMatchObject({ kind: 'started' });
    aws.endUpdate();
    await promote({ ...BY_HAND, modelPackage: packageArn(1) }, aws.ports({ approvalPolicy: { people: 2 } }));
    const [record] = Object.values(aws.evidence);
    expect(record).toMatchObject({
      decision: { by: `${identityOf('ada')} and ${identityOf('bob')}` },
      approvals: [{ person: identityOf('ada') }, { person: identityOf('bob') }],
    });
    expect(record && isIntact(record)).toBe(true);
  });

  test('counts once for one person, however often it is said and whatever name is noted', async () => {
    const { aws, approves, published } = twoPeople();
    await approves('ada');
    expect(await approves('ada')).toMatchObject({ kind: 'waits', why: expect.stringContaining('1 of 2') });
    expect(aws.updates).toEqual([]);
    expect(published).toHaveLength(2);
  });

  test('counts once when its event comes twice, before and after it was taken back', async () => {
    const { aws, says, deliver, records } = twoPeople();
    const event = says('ada', 'Approved');
    await deliver(event);
    expect(await deliver(event)).toMatchObject({ kind: 'waits' });
    expect(records()).toHaveLength(1);
    expect(aws.approvals.get(packageArn(1))).toBe('PendingManualApproval');
  });

  test('of each person counts when both speak in the same second', async () => {
    const { says, deliver, records } = twoPeople();
    await deliver(says('ada', 'Approved'));
    expect(await deliver(says('bob', 'Approved'))).toMatchObject({ kind: 'started' });
    expect(records()).toHaveLength(2);
  });

  test('is not taken for that of the handler, which took it back a moment ago', async () => {
    const { says, deliver, aws } = twoPeople();
    const event = says('ada', 'Approved');
    await deliver(event);
    await deliver(event);
    expect(JSON.stringify([...aws.objects])).not.toContain(identityOf('handler'));
  });

  test("is not undone by the first one's event that comes again", async () => {
    const { aws, says, deliver } = twoPeople();
    const first = says('ada', 'Approved');
    await deliver(first);
    aws.time += 60_000;
    const second = says('bob', 'Approved');
    expect(await deliver(first)).toMatchObject({ kind: 'waits' });
    expect(aws.approvals.get(packageArn(1))).toBe('Approved');
    expect(await deliver(second)).toMatchObject({ kind: 'started' });
  });

  test.each([1, 2, 3, 4, 5, 6, 7])('that is cut off at call %d is counted when its event comes again', async (cut) => {
    const { aws, says, deliver, approves } = twoPeople();
    const event = says('ada', 'Approved');
    let calls = 0;
    aws.before = async () => {
      if (++calls === cut) throw new Error('cut off');
    };
    await deliver(event);
    aws.before = async () => undefined;
    expect(await deliver(event)).toMatchObject({ kind: 'waits' });
    expect(aws.approvals.get(packageArn(1))).toBe('PendingManualApproval');
    expect(await approves('bob')).toMatchObject({ kind: 'started' });
  });

  test('does not count for whoever changed something else after it', async () => {
    const { aws, says, deliver, published, records } = twoPeople();
    await deliver(says('ada', 'Approved'));
    aws.time += 60_000;
    const event = says('ada', 'Approved');
    aws.time += 6_000;
    aws.change(packageArn(1), 'Approved', 'bob');
    expect(await deliver(event)).toMatchObject({
      kind: 'unattributed',
      why: expect.stringContaining('changed after it'),
    });
    expect(aws.updates).toEqual([]);
    expect(records()).toHaveLength(1);
    expect(published.at(-1)).toMatchObject({ Subject: "churn 1 in dev: an approval doesn't count" });
  });

  test('does not count without an identity', async () => {
    const { aws, says, deliver, props } = twoPeople();
    const original = { ...aws.sageMaker };
    Object.assign(props.api.sageMaker, {
      describeModelPackage: async (input: { ModelPackageName: string }) => ({
        ...(await original.describeModelPackage(input)),
        LastModifiedBy: {},
        CustomerMetadataProperties: { 'approved-by': 'bob' },
      }),
    });
    expect(await deliver(says('ada', 'Approved'))).toMatchObject({
      kind: 'unattributed',
      why: expect.stringContaining('no identity'),
    });
    expect(aws.approvals.get(packageArn(1))).toBe('PendingManualApproval');
  });

  test('is undone by a rejection', async () => {
    const { aws, approves, says, deliver } = twoPeople();
    await approves('ada');
    expect(await deliver(says('carl', 'Rejected'))).toMatchObject({ kind: 'rejected' });
    aws.time += 60_000;
    expect(await approves('bob')).toMatchObject({
      kind: 'waits',
      why: expect.stringContaining(`by ${identityOf('bob')}`),
    });
    expect(await approves('ada')).toMatchObject({ kind: 'started' });
  });

  test('does not count any more once it has expired', async () => {
    const { aws, approves } = twoPeople();
    await approves('ada');
    aws.time += 24 * HOUR - 62_000;
    const last = twoPeople();
    await last.approves('ada');
    last.aws.time += 24 * HOUR - 62_000;
    expect(await last.approves('bob')).toMatchObject({ kind: 'started' });
    aws.time += 2000;
    expect(await approves('bob')).toMatchObject({ kind: 'waits', why: expect.stringContaining('1 of 2') });
    expect(aws.updates).toEqual([]);
  });

  test('is not enough for a promotion by hand either, not even while the registry says Approved', async () => {
    const { aws, says, ports } = twoPeople();
    says('ada', 'Approved');
    const decision = { ...BY_HAND, modelPackage: packageArn(1) };
    expect(await promote(decision, ports)).toEqual({ kind: 'withdrawn', why: 'version 1 has 0 of 2 approvals' });
    expect(aws.updates).toEqual([]);
  });

  test.each(['person', 'sha256', 'previous'])(
    'counts for nothing once the %s of a record was changed',
    async (field) => {
      const { aws, approves, records, logged } = twoPeople();
      await approves('ada');
      const [key = ''] = records();
      const object = aws.objects.get(key);
      const record = JSON.parse(object?.body ?? '') as Record<string, unknown>;
      aws.objects.set(key, { body: JSON.stringify({ ...record, [field]: 'f'.repeat(64) }), etag: 'x' });
      await approves('bob');
      expect(logged.at(-1)).toMatchObject({ level: 'error', error: expect.stringContaining('as they were sealed') });
      expect(aws.updates).toEqual([]);
    },
  );
});

describe('an approval that expires', () => {
  test.each([
    [24 * HOUR, 'started'],
    [24 * HOUR + 1000, 'expired'],
  ])('is, %d ms later, %s', async (age, kind) => {
    const { aws, props, logged, published } = handlerFixture({ APPROVAL_EXPIRES_HOURS: 24 });
    aws.approve(1);
    const event = approval(1, new Date(aws.time).toISOString());
    aws.time += age;
    await createHandler(props)(batch(event));
    expect(logged.at(-1)).toMatchObject({ kind });
    expect(aws.parameter).toBe(kind === 'started' ? packageArn(1) : 'none');
    expect(published.map((note) => (note as { Subject: string }).Subject)).toEqual(
      kind === 'started' ? [] : ['churn 1 in dev: its approval expired'],
    );
  });

  test('is judged by the last change of the version when somebody promotes it by hand', async () => {
    const { aws, props } = handlerFixture({ APPROVAL_EXPIRES_HOURS: 24 });
    aws.change(packageArn(1), 'Approved', 'ada');
    aws.time += 25 * HOUR;
    const ports = handlerPorts(props.settings, props.api, props.now);
    expect(await promote({ ...BY_HAND, modelPackage: packageArn(1) }, ports)).toMatchObject({
      kind: 'expired',
      why: 'version 1 was approved at 2026-03-01T12:00:00.000Z, more than 24 hours ago',
    });
  });

  test('keeps nobody from going back', async () => {
    const { aws, props } = handlerFixture({ APPROVAL_EXPIRES_HOURS: 24 });
    aws.change(packageArn(1), 'Approved', 'ada');
    aws.time += 25 * HOUR;
    const ports = handlerPorts(props.settings, props.api, props.now);
    const decision = { ...BY_HAND, kind: 'rollback' as const, modelPackage: packageArn(1) };
    expect(await promote(decision, ports)).toEqual({ kind: 'started' });
  });

  test('counts for good where no hours are given, and is not asked for where nobody approves', async () => {
    for (const policy of [{}, { APPROVAL_PEOPLE: 0, APPROVAL_EXPIRES_HOURS: 1 }]) {
      const { aws, props, logged } = handlerFixture(policy);
      aws.approve(1);
      aws.time += 9_000 * HOUR;
      await createHandler(props)(batch(approval(1)));
      expect(logged.at(-1)).toMatchObject({ kind: 'started' });
    }
  });
});
