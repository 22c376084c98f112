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

  test('lets an approval go that was withdrawn meanwhile', async () => {
    const { aws, logged, props } = handlerFixture();
    aws.approvals.set(packageArn(1), 'Rejected');
    expect(await createHandler(props)(batch(approval(1)))).toEqual(failed());
    expect(aws.updates).toEqual([]);
    expect(logged).toEqual([expect.objectContaining({ kind: 'withdrawn', why: 'version 1 is Rejected' })]);
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
