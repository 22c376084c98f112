import * as fc from 'fast-check';
import { createHandler } from '../../../handlers/batch-due/handler';
import type { TransformJob } from '../../../handlers/batch-due/logic';
import { ServiceException } from '../core/release/fake-aws';
import { batch } from './handler-fixture';

const due = (overrides: object = {}) => ({
  scheduledTime: '2026-03-29T04:00:00Z',
  jobPrefix: 'dev-churn',
  request: {
    ModelName: 'model-1',
    TransformOutput: { S3OutputPath: 's3://curated/churn/batch/output', Accept: 'text/csv' },
  },
  ...overrides,
});

/** SageMaker, which has a name once. @param loses how often it starts a job without anybody's hearing of it */
function sageMaker(loses = 0) {
  const jobs: TransformJob[] = [];
  const logged: object[] = [];
  let lost = 0;
  const create = async (job: TransformJob) => {
    if (jobs.some(({ TransformJobName }) => TransformJobName === job.TransformJobName)) {
      throw new ServiceException('ResourceInUse', 'Job name must be unique within an AWS account and region');
    }
    jobs.push(job);
    if (lost++ < loses) throw new ServiceException('InternalFailure', 'connection reset');
  };
  return { jobs, logged, handler: createHandler({ create, log: (entry) => void logged.push(entry) }) };
}

describe('the handler of batches that are due', () => {
  test('starts a job that is named after its time, with a folder of its own', async () => {
    const { jobs, logged, handler } = sageMaker();
    await handler(batch(due()));
    expect(jobs).toEqual([
      {
        TransformJobName: 'dev-churn-20260329T040000Z',
        ModelName: 'model-1',
        TransformOutput: {
          S3OutputPath: 's3://curated/churn/batch/output/dev-churn-20260329T040000Z',
          Accept: 'text/csv',
        },
      },
    ]);
    expect(logged).toEqual([{ level: 'info', job: 'dev-churn-20260329T040000Z', before: false }]);
  });

  test('starts one job a time, however often it is told and however many answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 3 }),
        async (hours, loses) => {
          const { jobs, handler } = sageMaker(loses);
          for (const hour of hours) {
            const message = batch(due({ scheduledTime: `2026-03-29T0${hour}:00:00Z` }));
            // SQS hands a message that failed out again.
            await handler(message).catch(() => handler(message));
          }
          expect(jobs).toHaveLength(new Set(hours).size);
        },
      ),
    );
  });

  test('finds the job of an attempt whose answer was lost', async () => {
    const { jobs, logged, handler } = sageMaker(1);
    await expect(handler(batch(due()))).rejects.toThrow('connection reset');
    await handler(batch(due()));
    expect(jobs).toHaveLength(1);
    expect(logged).toEqual([{ level: 'info', job: 'dev-churn-20260329T040000Z', before: true }]);
  });

  test('lets a start that SageMaker refuses come again', async () => {
    const create = async () => {
      throw new ServiceException('ResourceLimitExceeded', 'no instance is free');
    };
    await expect(createHandler({ create, log: () => undefined })(batch(due()))).rejects.toThrow('no instance is free');
  });

  test.each([
    ['no time', due({ scheduledTime: '<aws.scheduler.scheduled-time>' }), /scheduledTime/],
    ['no request', due({ request: undefined }), /request/],
    ['another address', due({ request: { TransformOutput: { S3OutputPath: 'curated' } } }), /S3OutputPath/],
    ['what it does not know', due({ other: 1 }), /other/],
    ['no JSON', 'due', /JSON/],
  ])('starts nothing for a message with %s', async (_, message, problem) => {
    const { jobs, handler } = sageMaker();
    await expect(handler(batch(message))).rejects.toThrow(problem);
    expect(jobs).toEqual([]);
  });
});
