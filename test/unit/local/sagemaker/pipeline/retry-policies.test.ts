import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { text } from '../../../../../local/sagemaker/job/text';
import { parseDuration } from '../../../../../local/sagemaker/pipeline/duration';
import { retryDelayMs } from '../../../../../local/sagemaker/pipeline/retry';
import { PipelineFixture } from './pipeline-fixture';
import { createPipeline, definition, end, run, shell, start, stepsOf } from './run-pipeline';

const FAULT = 'SageMaker.JOB_INTERNAL_ERROR';

describe('the wait before a retry', () => {
  const delays = (policy: JsonObject, count: number) =>
    Array.from({ length: count }, (_, retries) =>
      retryDelayMs([{ ExceptionType: [FAULT], ...policy }], FAULT, retries, 0),
    );

  test('grows by BackoffRate from IntervalSeconds, MaxAttempts times', () => {
    expect(delays({ IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 3 }, 4)).toEqual([
      10_000,
      30_000,
      90_000,
      undefined,
    ]);
    expect(delays({ IntervalSeconds: 0, MaxAttempts: 1 }, 2)).toEqual([0, undefined]);
    expect(delays({ IntervalSeconds: 5, BackoffRate: 1, MaxAttempts: 2 }, 3)).toEqual([5000, 5000, undefined]);
  });

  test('is 1 s, then twice as long each time, five times, unless the policy says otherwise', () => {
    expect(delays({}, 6)).toEqual([1000, 2000, 4000, 8000, 16_000, undefined]);
  });

  test('ends where ExpireAfterMin does, however many attempts that are', () => {
    const policy = [{ ExceptionType: [FAULT], IntervalSeconds: 30, BackoffRate: 1, ExpireAfterMin: 1 }];
    expect(retryDelayMs(policy, FAULT, 50, 30_000)).toBe(30_000);
    expect(retryDelayMs(policy, FAULT, 0, 30_001)).toBeUndefined();
  });

  test('is that of the first policy for the failure; without one there is no retry', () => {
    const policies = [
      { ExceptionType: ['Step.THROTTLING'], IntervalSeconds: 1 },
      { ExceptionType: ['SageMaker.CAPACITY_ERROR', FAULT], IntervalSeconds: 2 },
      { ExceptionType: [FAULT], IntervalSeconds: 3 },
    ];
    expect(retryDelayMs(policies, FAULT, 0, 0)).toBe(2000);
    expect(retryDelayMs(policies, 'Step.SERVICE_FAULT', 0, 0)).toBeUndefined();
    expect(retryDelayMs(policies, undefined, 0, 0)).toBeUndefined();
    expect(retryDelayMs([], FAULT, 0, 0)).toBeUndefined();
  });
});

describe('a duration', () => {
  const DAY = 86_400_000;
  test.each([
    ['P30D', 30 * DAY],
    ['p1y2m1w', (365 + 60 + 7) * DAY],
    ['PT1H30M', 5_400_000],
    ['PT0.5S', 500],
    ['P1DT1S', DAY + 1000],
    ['PT0S', 0],
  ])('%s is read', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(['', 'P', 'PT', 'P1DT', '30D', 'P-1D', 'P1S', 'PD', '1 day'])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('a step with a retry policy', () => {
  let local: PipelineFixture;
  beforeEach(async () => {
    local = await new PipelineFixture().start();
  });
  afterEach(() => local.remove());

  const policies = (ExceptionType: string, more: JsonObject = {}) => ({
    RetryPolicies: [{ ExceptionType: [ExceptionType], IntervalSeconds: 0, MaxAttempts: 2, ...more }],
  });
  const counting = (script: string, more: JsonObject) =>
    shell('Work', `echo run >> $COUNT; ${script}`, {
      Arguments: { Environment: { COUNT: join(local.root, 'count') } },
      ...more,
    });
  const runs = () => readFileSync(join(local.root, 'count'), 'utf8').trim().split('\n').length;

  test('is tried again after a fault of the service, as a new job', async () => {
    local.storage.failures.push('connection reset', 'connection reset');
    const { status, steps } = await run(local, definition([counting(':', policies(FAULT))]));
    expect(status).toBe('Succeeded');
    expect(steps[0]?.AttemptCount).toBe(3);
    expect(runs()).toBe(3);
    const { ProcessingJobSummaries } = await local.answer('ListProcessingJobs', {});
    const statuses = (ProcessingJobSummaries as readonly JsonObject[]).map(
      ({ ProcessingJobStatus }) => ProcessingJobStatus,
    );
    expect(statuses.map(text).toSorted()).toEqual(['Completed', 'Failed', 'Failed']);
  });

  test('fails once its attempts are used up', async () => {
    local.storage.failures.push('one', 'two', 'three');
    const { status, steps, reason } = await run(local, definition([counting(':', policies(FAULT))]));
    expect([status, steps[0]?.AttemptCount]).toEqual(['Failed', 3]);
    expect(reason).toContain('InternalServerError: three');
  });

  test.each([
    ['a script that fails', 'exit 1', FAULT],
    ['a script that is killed', 'kill -9 $$', FAULT],
  ])('is not tried again for %s', async (_, script, type) => {
    const { status, steps } = await run(local, definition([counting(script, policies(type))]));
    expect([status, steps[0]?.AttemptCount, runs()]).toEqual(['Failed', 1, 1]);
  });

  test('is not tried again for a fault that its policy does not name', async () => {
    local.storage.failures.push('one');
    const { status } = await run(local, definition([counting(':', policies('Step.THROTTLING'))]));
    expect([status, runs()]).toEqual(['Failed', 1]);
  });

  test('is not tried again for a request that is refused', async () => {
    const work = counting(':', policies('Step.SERVICE_FAULT'));
    const { steps, reason } = await run(
      local,
      definition([{ ...work, Arguments: { ...(work.Arguments as JsonObject), RoleArn: 'nobody' } }]),
    );
    expect(steps[0]?.AttemptCount).toBe(1);
    expect(reason).toContain(
      'ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: 1 validation error',
    );
  });

  test('that waits for its next attempt can be stopped at once', async () => {
    local.storage.failures.push('one');
    await createPipeline(local, definition([counting(':', policies(FAULT, { IntervalSeconds: 3600 }))]));
    const arn = await start(local);
    await local.until(() => (local.messages.join().includes('tried again in 3600 s') ? true : undefined));
    await local.answer('StopPipelineExecution', {
      PipelineExecutionArn: arn,
      ClientRequestToken: 'one-token-of-at-least-thirty-two-characters',
    });
    expect((await end(local, arn)).statuses).toEqual({ Work: 'Stopped' });
    expect((await stepsOf(local, arn))[0]?.AttemptCount).toBe(1);
  });
});
