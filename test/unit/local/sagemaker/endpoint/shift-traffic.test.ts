import type { JsonObject } from '../../../../../core/json';
import { DeploymentHistory } from '../../../../../local/sagemaker/endpoint/deployment-history';
import { shiftedPercent } from '../../../../../local/sagemaker/endpoint/shifted-percent';
import { FakeService, until } from './fake-service';

// Real processes on a machine that may be busy.
/** Ten minutes of waiting take half a second. */
const SPEED = 1_200;

let fake: FakeService;
beforeEach(() => {
  fake = new FakeService({ speed: SPEED });
  fake.alarms.set('errors', 'OK');
});
afterEach(() => fake.end());

const canary = (percent: number, bakeSeconds = 600, terminationSeconds = 300) => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'CANARY',
      CanarySize: { Type: 'CAPACITY_PERCENT', Value: percent },
      WaitIntervalInSeconds: bakeSeconds,
    },
    TerminationWaitInSeconds: terminationSeconds,
  },
  AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
});

async function update(DeploymentConfig: JsonObject, config = 'two'): Promise<void> {
  await fake.do('UpdateEndpoint', {
    EndpointConfigName: await fake.config(config, [{ instances: 2 }]),
    DeploymentConfig,
  });
}

const percent = async () => shiftedPercent(await fake.describe());
const history = () => DeploymentHistory.parse(fake.service.deploymentsOf('dev-flight-delay'));

async function versions(requests: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < requests; index += 1) {
    const { version } = await fake.invoke();
    counts[version] = (counts[version] ?? 0) + 1;
  }
  return counts;
}

describe('a canary', () => {
  test('takes its percentage, then all, and is shown by DescribeEndpoint all the while', async () => {
    await fake.create([{ instances: 2 }]);
    expect(await percent()).toBeUndefined();
    fake.holdAt(3);
    await update(canary(10));
    expect(await percent()).toBe(0);
    await until(async () => (await percent()) === 10 || undefined);
    const baking = await fake.describe();
    expect(baking).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'one',
      ProductionVariants: [{ CurrentWeight: 0.9, DesiredWeight: 1, CurrentInstanceCount: 2, DesiredInstanceCount: 2 }],
      PendingDeploymentSummary: {
        EndpointConfigName: 'two',
        ProductionVariants: [
          {
            CurrentWeight: 0.1,
            DesiredWeight: 1,
            CurrentInstanceCount: 1,
            DesiredInstanceCount: 2,
            VariantStatus: [
              {
                Status: 'Baking',
                StatusMessage:
                  'Baking for 600 seconds (WaitIntervalInSeconds) with traffic enabled on canary capacity of 1 instance(s).',
                StartTime: expect.any(String),
              },
            ],
          },
        ],
      },
    });
    expect(await versions(20)).toEqual({ one: 18, two: 2 });
    const letGo = fake.holdAt(6);
    await until(async () => JSON.stringify(await fake.describe()).includes('TerminationWaitInSeconds') || undefined);
    expect(await percent()).toBe(100);
    expect(await versions(4)).toEqual({ two: 4 });
    expect(fake.processes).toHaveLength(4);
    letGo();
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(fake.processes).toHaveLength(2);
  });

  test('leaves a history of its steps, its requests and its alarms', async () => {
    await fake.create([{ instances: 2 }]);
    const letGo = fake.holdAt(3);
    await update(canary(50));
    await until(async () => (await percent()) === 50 || undefined);
    await versions(10);
    letGo();
    await fake.settled();
    const { speed, deployments } = history();
    expect(speed).toBe(SPEED);
    expect(deployments).toEqual([
      expect.objectContaining({
        fromConfig: 'one',
        toConfig: 'two',
        strategy: 'CANARY',
        outcome: 'Succeeded',
        alarms: ['errors'],
        fired: [],
        plan: [
          { greenPercent: 50, waitSeconds: 600 },
          { greenPercent: 100, waitSeconds: 600 },
        ],
        terminationWaitSeconds: 300,
      }),
    ]);
    const [entry] = deployments;
    expect(entry?.events.map(({ stage, greenPercent }) => `${stage} ${greenPercent}`)).toEqual([
      'Creating 0',
      'ActivatingTraffic 50',
      'Baking 50',
      'ActivatingTraffic 100',
      'Baking 100',
      'TerminationWait 100',
      'Completed 100',
    ]);
    expect([entry?.blue.requests, entry?.green.requests]).toEqual([5, 5]);
    const sampled = entry?.series.reduce((sum, { green }) => sum + green.requests, 0);
    expect(sampled).toBe(5);
    expect(entry?.series.some(({ green }) => (green.p99Ms ?? 0) > 0)).toBe(true);
  });

  test('goes back when an alarm goes off, and tells which', async () => {
    await fake.create([{ instances: 2 }]);
    const old = fake.processes;
    const letGo = fake.holdAt(3);
    await update(canary(10));
    await until(async () => (await percent()) === 10 || undefined);
    fake.alarms.set('errors', 'ALARM');
    letGo();
    const FailureReason = 'One or more configured alarm(s) went into ALARM state: [errors]';
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'one',
      FailureReason,
    });
    expect(fake.processes).toEqual(old);
    expect(await versions(5)).toEqual({ one: 5 });
    expect(fake.events.map(({ EndpointStatus }) => EndpointStatus)).toEqual([
      'CREATING',
      'IN_SERVICE',
      'UPDATING',
      'ROLLING_BACK',
      'IN_SERVICE',
    ]);
    expect(history().deployments[0]).toMatchObject({
      outcome: 'RolledBack',
      reason: FailureReason,
      fired: [{ name: 'errors', reason: 'because errors says so' }],
    });
    // As CloudFormation does then; the alarm needn't be quiet yet.
    await fake.do('UpdateEndpoint', { EndpointConfigName: 'one', DeploymentConfig: canary(10, 3_600) });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'one' });
    expect((await fake.describe()).FailureReason).toBeUndefined();
    expect(history().deployments).toHaveLength(1);
  });

  test('is refused before anything is begun if its configuration is wrong', async () => {
    await fake.create([{ instances: 2 }]);
    await expect(update(canary(51))).rejects.toThrow('CanarySize: must be at most 50 %');
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'InService' });
    await expect(
      fake.do('CreateEndpoint', { EndpointName: 'other', EndpointConfigName: 'one', DeploymentConfig: canary(51) }),
    ).rejects.toThrow('CanarySize: must be at most 50 %');
  });

  test('is kept with the endpoint, and used again on request', async () => {
    await fake.create([{ instances: 2 }]);
    await update(canary(10));
    expect(await fake.settled()).toMatchObject({ LastDeploymentConfig: canary(10) });
    await fake.do('UpdateEndpoint', { EndpointConfigName: 'one', RetainDeploymentConfig: true });
    expect(await fake.settled()).toMatchObject({ EndpointConfigName: 'one', LastDeploymentConfig: canary(10) });
    expect(history().deployments.map(({ strategy }) => strategy)).toEqual(['CANARY', 'CANARY']);
  });

  test('that was cut off is gone on with by the next program, which serves all the time', async () => {
    await fake.create([{ instances: 2 }]);
    const letGo = fake.holdAt(5);
    await update(canary(10));
    await until(async () => (await percent()) === 100 || undefined);
    await fake.service.close();
    fake.begin();
    await fake.service.resume();
    expect(['one', 'two']).toContain((await fake.invoke()).version);
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'one' });
    letGo();
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(fake.processes).toHaveLength(2);
    const { deployments } = history();
    expect(deployments).toHaveLength(1);
    expect(deployments[0]?.events.filter(({ greenPercent }) => greenPercent === 10)).toHaveLength(2);
  });
});

test('a rolling update replaces the instances without a failed request', async () => {
  await fake.create([{ instances: 2 }]);
  const state = { on: true };
  let answered = 0;
  const load = (async () => {
    for (; state.on; answered += 1) await fake.invoke({ sleep: 0.005 });
  })();
  const letGo = fake.holdAt(3);
  await update({
    RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 300 },
    AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
  });
  await until(async () => (await percent()) === 50 || undefined);
  letGo();
  expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
  state.on = false;
  await load;
  expect(answered).toBeGreaterThan(10);
  expect(fake.processes).toHaveLength(2);
  expect(await versions(4)).toEqual({ two: 4 });
});

/** Of which fifty were run by hand. */
const SHIFTS = 2;

test('shifts one after the other lose no request of a steady traffic', async () => {
  await fake.create([{ instances: 2 }]);
  const state = { on: true, answered: 0 };
  const failures: unknown[] = [];
  const work = async () => {
    while (state.on)
      await fake.invoke({ sleep: 0.005 }).then(
        () => (state.answered += 1),
        (error: unknown) => failures.push(error),
      );
  };
  const load = Promise.all(Array.from({ length: 4 }, work));
  for (let shift = 1; shift <= SHIFTS; shift += 1) {
    const Type = shift % 2 === 0 ? 'LINEAR' : 'CANARY';
    const size = { Type: 'CAPACITY_PERCENT', Value: 30 };
    await update(
      {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type,
            [Type === 'LINEAR' ? 'LinearStepSize' : 'CanarySize']: size,
            WaitIntervalInSeconds: 120,
          },
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
      },
      `config-${shift}`,
    );
    expect(await fake.settled()).toMatchObject({ EndpointConfigName: `config-${shift}` });
  }
  state.on = false;
  await load;
  expect(failures).toEqual([]);
  expect(state.answered).toBeGreaterThan(SHIFTS * 10);
  expect(fake.processes).toHaveLength(2);
});
