import type { AsyncInvocation } from '../../../../../local/sagemaker/api/async-invocation';
import { queuedRequest } from '../../../../../local/sagemaker/async-inference/queued-request';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const request = (more: Partial<AsyncInvocation> = {}, OutputConfig: object = { S3OutputPath: 's3://bucket/out' }) =>
  queuedRequest({ endpointName: 'e', inputLocation: 's3://bucket/in', ...more }, { OutputConfig } as never, NOW);

describe('a request in the queue', () => {
  test('has the documented defaults: 6 h in the queue, 15 min for the model, and ids of its own', () => {
    expect(request()).toMatchObject({
      ttlSeconds: 21_600,
      timeoutSeconds: 900,
      inferenceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receivedTime: NOW.toISOString(),
    });
    expect(request().id).not.toBe(request().id);
  });

  test('is answered below the paths of the configuration, and nowhere without them', () => {
    const { id, outputLocation, failureLocation } = request(
      {},
      { S3OutputPath: 's3://b', S3FailurePath: 's3://b/f//' },
    );
    expect([outputLocation, failureLocation]).toEqual([`s3://b/${id}.out`, `s3://b/f/${id}-error.out`]);
    expect(request({}, {})).toMatchObject({ outputLocation: undefined, failureLocation: undefined });
  });

  test('is answered under the name and in the folder that it asks for', () => {
    const { outputLocation } = request({ filename: 'mine.csv', outputPathExtension: '/2026/03/' });
    expect(outputLocation).toBe('s3://bucket/out/2026/03/mine.csv');
    const { id, outputLocation: named } = request({ outputPathExtension: '2026' });
    expect(named).toBe(`s3://bucket/out/2026/${id}.out`);
  });

  test.each([
    { requestTtlSeconds: 60 },
    { requestTtlSeconds: 21_600 },
    { invocationTimeoutSeconds: 1 },
    { invocationTimeoutSeconds: 3_600 },
    { inferenceId: 'x' },
    { inferenceId: 'x'.repeat(64) },
  ])('may have %j', (more) => {
    expect(() => request(more)).not.toThrow();
  });

  test.each([
    [{ inputLocation: 'https://bucket/in' }, 'InputLocation: must be s3://bucket/key, got https://bucket/in'],
    [{ inputLocation: 's3://bucket' }, 'InputLocation: must be s3://bucket/key, got s3://bucket'],
    [{ requestTtlSeconds: 59 }, 'RequestTTLSeconds: must be a whole number from 60 to 21600, got 59'],
    [{ requestTtlSeconds: 21_601 }, 'got 21601'],
    [{ requestTtlSeconds: Number.NaN }, 'got NaN'],
    [{ invocationTimeoutSeconds: 0 }, 'InvocationTimeoutSeconds: must be a whole number from 1 to 3600, got 0'],
    [{ invocationTimeoutSeconds: -1 }, 'got -1'],
    [{ invocationTimeoutSeconds: 3_601 }, 'got 3601'],
    [{ filename: '' }, 'Filename: must have 1 to 1024 characters and name something, got ""'],
    [{ outputPathExtension: '//' }, 'S3OutputPathExtension: must have 1 to 1024 characters and name something'],
    [{ filename: 'x'.repeat(1025) }, 'Filename: must have 1 to 1024 characters'],
    [{ inferenceId: '' }, 'InferenceId: must have 1 to 64 characters, got 0'],
    [{ inferenceId: 'x'.repeat(65) }, 'got 65'],
  ])('is refused with %j', (more, message) => {
    expect(() => request(more)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
    expect(() => request(more)).toThrow(message);
  });
});
