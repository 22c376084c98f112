import type { JsonObject } from '../../../../../core/json';
import { DeploymentHistory } from '../../../../../local/sagemaker/endpoint/deployment-history';
import { shiftedPercent } from '../../../../../local/sagemaker/endpoint/shifted-percent';
import { FakeService, until } from './fake-service';

// Real processes on a machine that may be busy.
/** Two minutes of waiting take a tenth of a second. */
const SPEED = 1_200;
const INSTANCES = 4;

let fake: FakeService;
beforeEach(() => {
  fake = new FakeService({ speed: SPEED });
  fake.alarms.set('errors', 'OK');
});
afterEach(() => fake.end());

const AutoRollbackConfiguration = { Alarms: [{ AlarmName: 'errors' }] };
const size = (Value: number) => ({ Type: 'CAPACITY_PERCENT', Value });

function linear(stepPercent: number, waitSeconds: number): JsonObject {
  return {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: 'LINEAR',
        LinearStepSize: size(stepPercent),
        WaitIntervalInSeconds: waitSeconds,
      },
      TerminationWaitInSeconds: 120,
    },
    AutoRollbackConfiguration,
  };
}

function rolling(batchPercent: number, waitSeconds: number, rollbackPercent: number): JsonObject {
  return {
    RollingUpdatePolicy: {
      MaximumBatchSize: size(batchPercent),
      RollbackMaximumBatchSize: size(rollbackPercent),
      WaitIntervalInSeconds: waitSeconds,
    },
    AutoRollbackConfiguration,
  };
}

/** Requests without a pause until it is stopped. */
function traffic(workers = 4) {
  const answers: { version: string; percent: number | undefined }[] = [];
  const failures: unknown[] = [];
  const state = { on: true };
  const work = async () => {
    while (state.on) {
      const percent = shiftedPercent(await fake.describe());
      await fake.invoke({ sleep: 0.005 }).then(
        ({ version }) => answers.push({ version, percent }),
        (error: unknown) => failures.push(error),
      );
    }
  };
  const working = Promise.all(Array.from({ length: workers }, work));
  return {
    answers,
    stop: async () => {
      state.on = false;
      await working;
      return { answers, failures };
    },
  };
}

async function update(DeploymentConfig: JsonObject): Promise<void> {
  const EndpointConfigName = await fake.config('two', [{ instances: INSTANCES }]);
  await fake.do('UpdateEndpoint', { EndpointConfigName, DeploymentConfig });
}

const percent = async () => shiftedPercent(await fake.describe());
const entry = () => DeploymentHistory.parse(fake.service.deploymentsOf('dev-flight-delay')).deployments[0];

describe('under steady traffic', () => {
  test('a linear shift goes step by step to all traffic on the new fleet, and no request fails', async () => {
    await fake.create([{ instances: INSTANCES }]);
    const load = traffic();
    const shares = [25, 50, 75];
    const askedAt = (share: number) => load.answers.filter((answer) => answer.percent === share);
    // Each step lasts until it has had requests enough to tell its share: 3 stages are the creation and the first of them.
    fake.alarmsAreAway = () => {
      const share = shares[(fake.stages.length - 3) / 2];
      return share !== undefined && askedAt(share).length <= 40;
    };
    await update(linear(25, 600));
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    const begun = load.answers.length;
    await until(() => load.answers.length > begun + 8 || undefined);
    const { answers, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(entry()).toMatchObject({
      strategy: 'LINEAR',
      outcome: 'Succeeded',
      plan: [25, 50, 75, 100].map((greenPercent) => ({ greenPercent, waitSeconds: 600 })),
    });
    expect(entry()?.events.map(({ stage, greenPercent }) => `${stage} ${greenPercent}`)).toEqual([
      'Creating 0',
      ...[25, 50, 75, 100].flatMap((share) => [`ActivatingTraffic ${share}`, `Baking ${share}`]),
      'TerminationWait 100',
      'Completed 100',
    ]);
    // Each step really had about its share of the requests, and the last ones were all the new fleet's.
    for (const share of shares) {
      const asked = askedAt(share);
      const green = asked.filter(({ version }) => version === 'two').length;
      expect(asked.length).toBeGreaterThan(40);
      expect(Math.abs((100 * green) / asked.length - share)).toBeLessThan(20);
    }
    expect(new Set(answers.slice(-4).map(({ version }) => version))).toEqual(new Set(['two']));
    expect(fake.processes).toHaveLength(INSTANCES);
  });

  test('each stage of a deployment is an event, with what DescribeEndpoint shows just then', async () => {
    await fake.create([{ instances: 2 }]);
    await fake.do('UpdateEndpoint', {
      EndpointConfigName: await fake.config('two', [{ instances: 2 }]),
      DeploymentConfig: linear(50, 120),
    });
    await fake.settled();
    const stages = fake.stages.map((detail) => {
      const { PendingDeploymentSummary: pending, EndpointStatus } = detail;
      const [variant] = ((pending as JsonObject | undefined)?.ProductionVariants ?? []) as JsonObject[];
      const [status] = (variant?.VariantStatus ?? []) as JsonObject[];
      return status ? status.Status : EndpointStatus;
    });
    expect(stages).toEqual([
      'Creating',
      'ActivatingTraffic',
      'Baking',
      'ActivatingTraffic',
      'Baking',
      'Baking',
      'IN_SERVICE',
    ]);
    expect(fake.stages[2]).toMatchObject({
      EndpointName: 'dev-flight-delay',
      EndpointStatus: 'UPDATING',
      EndpointConfigName: 'one',
      CreationTime: expect.any(Number),
      Tags: {},
      PendingDeploymentSummary: {
        EndpointConfigName: 'two',
        StartTime: expect.any(Number),
        ProductionVariants: [{ VariantStatus: [{ StartTime: expect.any(Number) }] }],
      },
    });
  });

  test('a rolling update that an alarm ends goes back in batches, and no request fails', async () => {
    await fake.create([{ instances: INSTANCES }]);
    const load = traffic();
    const letGo = fake.holdAt(7);
    await update(rolling(25, 600, 25));
    // Three of four are new by then, so that three have to come back, one at a time.
    await until(async () => (await percent()) === 75 || undefined);
    fake.alarms.set('errors', 'ALARM');
    letGo();
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'one',
      FailureReason: expect.stringContaining('[errors]'),
    });
    const begun = load.answers.length;
    await until(() => load.answers.length > begun + 8 || undefined);
    const { answers, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answers.some(({ version }) => version === 'two')).toBe(true);
    expect(new Set(answers.slice(-4).map(({ version }) => version))).toEqual(new Set(['one']));
    expect(fake.processes).toHaveLength(INSTANCES);
    expect(entry()).toMatchObject({ strategy: 'ROLLING', outcome: 'RolledBack' });
  });
});
