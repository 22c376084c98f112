import { promote } from '../../../../core/release/promote';
import { settle } from '../../../../core/release/settle';
import { verifyRelease } from '../../../../core/release/verify';
import { recordWentBack } from '../../../../core/release/went-back';
import { FakeAws, packageArn } from './fake-aws';

const DIGESTS = { registered: `sha256:${'a'.repeat(64)}`, other: `sha256:${'b'.repeat(64)}` };

/** Version 1 was released, then version 2. */
async function withVersion2Live(): Promise<FakeAws> {
  const aws = new FakeAws();
  aws.approve(1, 2);
  for (const version of [1, 2]) {
    const decidedAt = `2026-03-01T12:00:0${version}Z`;
    const decision = { modelPackage: packageArn(version), version, kind: 'approval', decidedAt, by: 'ada', reason: '' };
    await promote({ ...decision, kind: 'approval' }, aws.ports());
    aws.endUpdate();
    await settle(aws.ports());
  }
  aws.notes.length = 0;
  return aws;
}

async function mismatches(aws: FakeAws): Promise<readonly string[]> {
  return (await verifyRelease(aws.ports())).mismatches;
}

describe('the check of what serves', () => {
  test('finds nothing while the endpoint has what was released, as it was registered', async () => {
    const aws = await withVersion2Live();
    aws.registeredDigest = DIGESTS.registered;
    aws.runningDigest = DIGESTS.registered;
    expect(await mismatches(aws)).toEqual([]);
  });

  test('finds another EndpointConfig than the stack asked for, though the package is the released one', async () => {
    const aws = await withVersion2Live();
    aws.askedEndpointConfig = 'config-new';
    expect(await mismatches(aws)).toEqual([
      `the endpoint has the EndpointConfig config-of-${packageArn(2)}, the stack asked for config-new`,
    ]);
  });

  test('waits with that while the stack or the endpoint is changed', async () => {
    const aws = await withVersion2Live();
    aws.askedEndpointConfig = 'config-new';
    aws.endpointStatus = 'Updating';
    expect(await mismatches(aws)).toEqual([]);
    aws.endpointStatus = 'InService';
    aws.deployInfrastructure();
    expect(await mismatches(aws)).toEqual([]);
  });

  test('finds an image that is not the one that was registered', async () => {
    const aws = await withVersion2Live();
    aws.registeredDigest = DIGESTS.registered;
    aws.runningDigest = DIGESTS.other;
    expect(await mismatches(aws)).toEqual([
      `the endpoint runs the image ${DIGESTS.other}, version 2 was registered with ${DIGESTS.registered}`,
    ]);
  });

  test.each(['registeredDigest', 'runningDigest'] as const)('takes no offence at an unknown %s', async (known) => {
    const aws = await withVersion2Live();
    aws[known] = DIGESTS.registered;
    expect(await mismatches(aws)).toEqual([]);
  });

  test('finds an artefact that is not the one that was registered', async () => {
    const aws = await withVersion2Live();
    const ports = aws.ports();
    const live = await ports.endpoint.live();
    const found = await ports.packages.describe(packageArn(2));
    if (!found) throw new Error('version 2 is registered');
    const changed = {
      ...ports,
      packages: { describe: async () => ({ ...found, artefact: 's3://models/a.tar.gz' }) },
      endpoint: { live: async () => ({ ...live, artefact: 's3://models/b.tar.gz' }) },
    };
    expect((await verifyRelease(changed)).mismatches).toEqual([
      'the endpoint has the artefact s3://models/b.tar.gz, version 2 was registered with s3://models/a.tar.gz',
    ]);
  });
});

describe('an endpoint that went back after its release had been verified', () => {
  test('is marked in the state and in a record of its own, with the alarm that went off', async () => {
    const aws = await withVersion2Live();
    aws.alarms.set('Latency', [{ at: '2026-03-01T12:00:00.000Z', reason: 'p99 was 2 s' }]);
    aws.goBack();
    const wentBack = await recordWentBack(aws.ports());
    expect(wentBack).toEqual({
      outcome: 'rolled-back',
      failure:
        'the endpoint went back after version 2 had been verified; alarm Latency went off at 2026-03-01T12:00:00.000Z: p99 was 2 s',
    });
    expect(aws.state).toMatchObject({ settled: true, outcome: 'rolled-back', live: packageArn(1) });
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.evidence['releases/dev/churn/20260301T120002Z-2.json']?.outcome).toBe('released');
    expect(aws.evidence['releases/dev/churn/20260301T120002Z-2-rolled-back.json']).toMatchObject({
      outcome: 'rolled-back',
      endpoint: { modelPackage: packageArn(1) },
      alarms: [{ name: 'Latency', reason: 'p99 was 2 s' }],
    });
    expect(aws.notes.map(({ subject }) => subject)).toEqual(['churn 2 rolled-back in dev']);
    expect(await mismatches(aws)).toEqual([]);
  });

  test('is marked once', async () => {
    const aws = await withVersion2Live();
    aws.goBack();
    await recordWentBack(aws.ports());
    expect(await recordWentBack(aws.ports())).toBeUndefined();
    expect(aws.notes).toHaveLength(1);
  });

  test('is marked when CloudWatch does not say why', async () => {
    const aws = await withVersion2Live();
    aws.alarms.set('Latency', []);
    aws.goBack();
    aws.before = async (call) => {
      if (call === 'describeAlarmHistory') throw new Error('AccessDenied');
    };
    expect(await recordWentBack(aws.ports())).toMatchObject({ failure: expect.stringMatching(/verified$/) });
  });

  test.each<[string, (aws: FakeAws) => void]>([
    ['serves what was released', () => undefined],
    ['serves something else, which nobody released', (aws) => void (aws.served = packageArn(7))],
    [
      'is being changed',
      (aws) => {
        aws.goBack();
        aws.endpointStatus = 'Updating';
      },
    ],
    [
      'belongs to a stack that is being updated',
      (aws) => {
        aws.goBack();
        aws.deployInfrastructure();
      },
    ],
  ])('is not meant by one that %s', async (_, change) => {
    const aws = await withVersion2Live();
    change(aws);
    expect(await recordWentBack(aws.ports())).toBeUndefined();
    expect(aws.state).toMatchObject({ outcome: 'released', live: packageArn(2) });
  });
});
