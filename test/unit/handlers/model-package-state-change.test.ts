import { createHandler } from '../../../handlers/model-package-state-change/handler';
import { packageArn } from '../core/release/fake-aws';
import { approval, batch, handlerFixture, TOPIC_ARN } from './handler-fixture';

const failed = (...indices: number[]) => ({
  batchItemFailures: indices.map((index) => ({ itemIdentifier: `message-${index}` })),
});

describe('the handler of approvals', () => {
  test('updates the stack with the approved version, and takes the message off the queue', async () => {
    const { aws, logged, props } = handlerFixture();
    aws.approve(1);
    expect(await createHandler(props)(batch(approval(1)))).toEqual(failed());
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.updates).toEqual([packageArn(1)]);
    expect(logged).toEqual([{ level: 'info', modelPackage: packageArn(1), kind: 'started' }]);
  });

  test("writes down who approved, why and when, by the approval's time and not the time of arrival", async () => {
    const { aws, props } = handlerFixture();
    aws.approve(1);
    aws.time = Date.parse('2026-03-01T18:00:00Z');
    await createHandler(props)(batch(approval(1, '2026-03-01T12:00:00.987Z')));
    expect(aws.state?.decision).toEqual({
      modelPackage: packageArn(1),
      version: 1,
      kind: 'approval',
      decidedAt: '2026-03-01T12:00:00Z',
      by: 'arn:aws:sts::111111111111:assumed-role/approver/ada',
      reason: 'beats the champion',
    });
  });

  test('has an approval come again while another release is on its way', async () => {
    const { aws, props } = handlerFixture();
    aws.approve(1, 2);
    const handler = createHandler(props);
    await handler(batch(approval(1)));
    const second = batch(approval(2, '2026-03-01T12:05:00Z'));
    expect(await handler(second)).toEqual(failed(0));
    expect(aws.updates).toEqual([packageArn(1)]);
    aws.endUpdate();
    expect(await handler(second)).toEqual(failed());
    expect(aws.updates).toEqual([packageArn(1), packageArn(2)]);
  });

  test('starts nothing twice when an event comes twice', async () => {
    const { aws, props } = handlerFixture();
    aws.approve(1);
    const handler = createHandler(props);
    await handler(batch(approval(1)));
    expect(await handler(batch(approval(1)))).toEqual(failed());
    expect(aws.updates).toHaveLength(1);
  });

  test.each([
    ['succeeds', '2026-03-01T12:00:00.400Z'],
    ['rolls-back', '2026-03-01T12:00:00.400Z'],
    ['rolls-back', Date.parse('2026-03-01T12:00:00.400Z')],
  ] as const)('starts nothing twice when SageMaker tells of one change twice and it %s', async (fate, changedAt) => {
    const { aws, logged, props } = handlerFixture();
    aws.approve(1);
    aws.fate = fate;
    const handler = createHandler(props);
    const told = { LastModifiedTime: changedAt };
    await handler(batch(approval(1, '2026-03-01T12:00:01Z', told)));
    expect(aws.state?.decision.decidedAt).toBe('2026-03-01T12:00:00Z');
    aws.endUpdate();
    expect(await handler(batch(approval(1, '2026-03-01T12:00:04Z', told)))).toEqual(failed());
    expect(aws.updates).toHaveLength(1);
    expect(logged.at(-1)).toMatchObject({ kind: 'settled' });
  });

  test.each([
    ['a year before its event', '2025-03-01T12:00:00Z'],
    ['61 s before it', '2026-03-01T11:58:59Z'],
    ['61 s after it', '2026-03-01T12:01:01Z'],
    ['in seconds', 1_772_366_400],
    ['no time', 'yesterday'],
    ['null', null],
  ])("goes by the event's time where the time of the change is %s", async (_, changedAt) => {
    const { aws, props } = handlerFixture();
    aws.approve(1);
    await createHandler(props)(batch(approval(1, '2026-03-01T12:00:00Z', { LastModifiedTime: changedAt })));
    expect(aws.state?.decision.decidedAt).toBe('2026-03-01T12:00:00Z');
  });

  test('lets an approval go that was withdrawn meanwhile', async () => {
    const { aws, logged, props } = handlerFixture();
    aws.approvals.set(packageArn(1), 'Rejected');
    expect(await createHandler(props)(batch(approval(1)))).toEqual(failed());
    expect(aws.updates).toEqual([]);
    expect(logged).toEqual([expect.objectContaining({ kind: 'withdrawn', why: 'version 1 is Rejected' })]);
  });

  test.each([[['CustomerMetadataProperties']], [['ModelLifeCycle']], [['ApprovalDescription', 'SourceUri']]])(
    'takes a change of %j of an older approved version for no approval of it',
    async (changed) => {
      const { aws, logged, published, props } = handlerFixture();
      aws.approve(1, 2);
      const handler = createHandler(props);
      await handler(batch(approval(2)));
      aws.endUpdate();
      expect(await handler(batch(approval(1, '2026-03-02T12:00:00Z', { UpdatedModelPackageFields: changed })))).toEqual(
        failed(),
      );
      expect(aws.updates).toEqual([packageArn(2)]);
      expect(aws.parameter).toBe(packageArn(2));
      expect(published).toEqual([]);
      expect(logged.at(-1)).toMatchObject({
        kind: 'no-decision',
        why: `of version 1 only ${changed.join(', ')} changed, not its approval`,
      });
    },
  );

  test.each([
    [['ModelApprovalStatus']],
    [['ModelApprovalStatus', 'ApprovalDescription', 'CustomerMetadataProperties']],
    [[]],
    [null],
  ])('acts on an approval whose event names %j as changed', async (changed) => {
    const { aws, props } = handlerFixture();
    aws.approve(1);
    await createHandler(props)(batch(approval(1, '2026-03-01T12:00:00Z', { UpdatedModelPackageFields: changed })));
    expect(aws.updates).toEqual([packageArn(1)]);
  });

  test.each([
    ['no JSON', 'not json'],
    ['another event', { ...approval(1), source: 'aws.s3' }],
    ['an event without its version', { ...approval(1), detail: { ModelPackageArn: packageArn(1) } }],
  ])('has %s come again until it is among the dead letters, and goes on with the rest', async (_, message) => {
    const { aws, logged, props } = handlerFixture();
    aws.approve(1);
    expect(await createHandler(props)(batch(message, approval(1)))).toEqual(failed(0));
    expect(aws.updates).toEqual([packageArn(1)]);
    expect(logged[0]).toMatchObject({ level: 'error', messageId: 'message-0', error: expect.stringMatching(/./) });
  });

  test("has a message come again after an error of the service's, and then finishes what it began", async () => {
    const { aws, logged, props } = handlerFixture();
    aws.approve(1);
    aws.fate = 'is-lost';
    const handler = createHandler(props);
    expect(await handler(batch(approval(1)))).toEqual(failed(0));
    expect(logged).toEqual([{ level: 'error', messageId: 'message-0', error: 'socket hang up' }]);
    aws.fate = 'succeeds';
    expect(await handler(batch(approval(1)))).toEqual(failed());
    expect(aws.updates).toEqual([packageArn(1)]);
  });

  test('tells the topic when CloudFormation refuses', async () => {
    const { aws, published, props } = handlerFixture();
    aws.approve(1);
    aws.fate = 'is-refused';
    await createHandler(props)(batch(approval(1)));
    expect(published).toEqual([
      {
        TopicArn: TOPIC_ARN,
        Subject: 'churn 1 failed in dev',
        Message: expect.stringContaining('Template error: unresolved condition'),
      },
    ]);
  });

  test('refuses what is no batch of SQS', async () => {
    await expect(createHandler(handlerFixture().props)({ Records: 'none' })).rejects.toThrow('Records');
  });
});
