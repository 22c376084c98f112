import type { JsonObject } from '../../../../../core/json';
import { identify, isRunning } from '../../../../../local/container/process-identity';
import { IMAGE } from '../model-server/fake-image';
import { FakeService, NAME, until } from './fake-service';

// Real processes on a machine that may be busy.
const ARN = `arn:aws:sagemaker:us-east-1:000000000000:endpoint/${NAME}`;
let fake: FakeService;
beforeEach(() => {
  fake = new FakeService();
});
afterEach(() => fake.end());

function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const identity = identify(pid);
    return identity !== undefined && isRunning(identity);
  });
}

describe('CreateEndpoint', () => {
  test('answers at once, and the endpoint is InService once its servers are healthy', async () => {
    const config = await fake.config('one', [{ behaviour: { startSeconds: 0.2 } }]);
    expect(await fake.do('CreateEndpoint', { EndpointConfigName: config })).toEqual({ EndpointArn: ARN });
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Creating', EndpointConfigName: 'one' });
    await expect(fake.invoke()).rejects.toMatchObject({
      code: 'ValidationError',
      message: `Endpoint ${NAME} of account 000000000000 not found.`,
    });
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointArn: ARN,
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          CurrentInstanceCount: 1,
          DesiredInstanceCount: 1,
          CurrentWeight: 1,
          DeployedImages: [{ SpecifiedImage: IMAGE, ResolvedImage: IMAGE }],
        },
      ],
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
    expect(fake.logs).toHaveLength(1);
  });

  test('runs a process for every instance, and spreads requests over them', async () => {
    await fake.create([{ instances: 2 }]);
    const pids = new Set((await Promise.all([1, 2, 3, 4].map(() => fake.invoke()))).map(({ pid }) => pid));
    expect(pids.size).toBe(2);
    expect(running(fake.processes)).toHaveLength(2);
  });

  test('takes image, model and environment of a package, and lets the model overrule the environment', async () => {
    await fake.config('one', [{}]);
    const arn = 'arn:aws:sagemaker:us-east-1:000000000000:model-package/dev-flight-delay/3';
    fake.record('DescribeModelPackage', arn, {
      InferenceSpecification: {
        Containers: [
          {
            Image: IMAGE,
            ModelDataUrl: 's3://models/one-0.tar.gz',
            Environment: { GREETING: 'package', SAGEMAKER_PROGRAM: 'p.py' },
          },
        ],
      },
    });
    fake.record('DescribeModel', 'one-0', {
      PrimaryContainer: { ModelPackageName: arn, Environment: { GREETING: 'model' } },
    });
    await fake.do('CreateEndpoint', { EndpointConfigName: 'one' });
    await fake.settled();
    expect(await fake.invoke()).toMatchObject({ version: 'one', greeting: 'model', program: 'p.py' });
  });

  test.each([
    ['ends at start', { behaviour: { exit: 3 } }, /variant AllTraffic did not start: .*got exit code 3/],
    [
      'never gets healthy',
      { behaviour: { ping: 500 }, healthTimeoutSeconds: 0.5 },
      /did not pass the ping health check/,
    ],
    ['has no image', { image: 'x.dkr.ecr.y.amazonaws.com/a:unknown' }, /a:unknown isn't on this machine/],
  ])('fails with the reason when the server %s, and leaves no process', async (_, wanted, reason) => {
    const description = await fake.create([{ ...wanted, instances: 2 }]);
    expect(description).toMatchObject({ EndpointStatus: 'Failed', FailureReason: expect.stringMatching(reason) });
    expect((description.FailureReason as string).length).toBeLessThanOrEqual(1_024);
    expect(running(fake.processes)).toEqual([]);
    await expect(fake.do('UpdateEndpoint', { EndpointConfigName: 'one' })).rejects.toThrow(
      'Cannot update failed endpoint',
    );
    await fake.do('DeleteEndpoint');
    await until(() =>
      fake.describe().then(
        () => undefined,
        () => true,
      ),
    );
  });

  test('fails with the reason when the model archive is rubbish', async () => {
    await fake.config('one');
    await fake.context.storage.write('s3://models/one-0.tar.gz', 'rubbish');
    await fake.do('CreateEndpoint', { EndpointConfigName: 'one' });
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'Failed',
      FailureReason: expect.stringContaining("s3://models/one-0.tar.gz: can't unpack the model archive"),
    });
  });

  test('refuses a name that is taken, an unknown configuration and a bad name', async () => {
    await fake.create();
    await expect(fake.do('CreateEndpoint', { EndpointConfigName: 'one' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: `Cannot create already existing endpoint "${ARN}".`,
    });
    await expect(fake.do('CreateEndpoint', { EndpointName: 'b', EndpointConfigName: 'none' })).rejects.toThrow(
      'Could not find none',
    );
    await expect(fake.do('CreateEndpoint', { EndpointName: '../x', EndpointConfigName: 'one' })).rejects.toThrow(
      'regular expression',
    );
  });

  test('of the same name twice at once makes one endpoint', async () => {
    await fake.config('one');
    const made = await Promise.allSettled([1, 2].map(() => fake.do('CreateEndpoint', { EndpointConfigName: 'one' })));
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await fake.settled();
    expect(running(fake.processes)).toHaveLength(1);
  });
});

describe('DeleteEndpoint', () => {
  test('ends the processes, keeps the logs, and frees the name', async () => {
    await fake.create([{ instances: 2 }]);
    const pids = fake.processes;
    expect(await fake.do('DeleteEndpoint')).toEqual({});
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Deleting' });
    await until(() =>
      fake.describe().then(
        () => undefined,
        () => true,
      ),
    );
    expect(running(pids)).toEqual([]);
    await expect(fake.do('DeleteEndpoint')).rejects.toThrow(`Could not find endpoint "${ARN}".`);
    expect(fake.logs).toHaveLength(2);
    expect(await fake.create()).toMatchObject({ EndpointStatus: 'InService' });
  });

  test('lets requests that are under way end', async () => {
    await fake.create();
    const slow = fake.invoke({ sleep: 0.5 });
    await new Promise(setImmediate);
    await fake.do('DeleteEndpoint');
    expect(await slow).toMatchObject({ version: 'one' });
    await expect(fake.invoke()).rejects.toThrow('not found');
  });

  test('is refused while the endpoint is being made', async () => {
    const config = await fake.config('one', [{ behaviour: { startSeconds: 0.3 } }]);
    await fake.do('CreateEndpoint', { EndpointConfigName: config });
    await expect(fake.do('DeleteEndpoint')).rejects.toThrow(`Cannot delete in-progress endpoint "${ARN}".`);
  });
});

describe('ListEndpoints', () => {
  test('filters by status and part of the name', async () => {
    await fake.create();
    await fake.do('CreateEndpoint', {
      EndpointName: 'other',
      EndpointConfigName: await fake.config('bad', [{ behaviour: { exit: 1 } }]),
    });
    await until(
      async () =>
        (await fake.do('DescribeEndpoint', { EndpointName: 'other' })).EndpointStatus === 'Failed' || undefined,
    );
    const names = async (input: JsonObject) => {
      const { Endpoints } = (await fake.service.operations.ListEndpoints?.(input)) ?? {};
      return (Endpoints as { EndpointName: string }[]).map(({ EndpointName }) => EndpointName);
    };
    expect(await names({})).toHaveLength(2);
    expect(await names({ StatusEquals: 'Failed' })).toEqual(['other']);
    expect(await names({ NameContains: 'flight' })).toEqual([NAME]);
  });
});

test('changes of status are published as the events that SageMaker documents', async () => {
  await fake.create();
  await fake.do('DeleteEndpoint');
  await until(() =>
    fake.describe().then(
      () => undefined,
      () => true,
    ),
  );
  expect(fake.events.map(({ EndpointStatus }) => EndpointStatus)).toEqual(['CREATING', 'IN_SERVICE', 'DELETING']);
  expect(fake.events[1]).toEqual({
    EndpointName: NAME,
    EndpointArn: ARN,
    EndpointConfigName: 'one',
    ProductionVariants: [{ VariantName: 'AllTraffic', DesiredWeight: 1, DesiredInstanceCount: 1 }],
    EndpointStatus: 'IN_SERVICE',
    CreationTime: expect.any(Number),
    LastModifiedTime: expect.any(Number),
    Tags: {},
  });
});
