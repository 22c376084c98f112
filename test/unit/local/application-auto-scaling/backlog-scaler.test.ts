import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../../core/json';
import { BacklogScaler } from '../../../../local/application-auto-scaling/backlog-scaler';
import {
  policyKey,
  scalableTargets,
  scalingPolicies,
  targetKey,
} from '../../../../local/application-auto-scaling/records';
import type { Backlog } from '../../../../local/sagemaker/async-inference/backlog-metrics';
import { Store } from '../../../../local/sagemaker/store';

const DIMENSION = {
  ServiceNamespace: 'sagemaker',
  ResourceId: 'endpoint/asynchronous/variant/AllTraffic',
  ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
};
const TRACKING = {
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 5,
    ScaleInCooldown: 600,
    CustomizedMetricSpecification: { MetricName: 'ApproximateBacklogSizePerInstance' },
  },
};
const STEPS = { StepScalingPolicyConfiguration: { StepAdjustments: [{ ScalingAdjustment: 1 }] } };

let directory: string;
let backlog: Backlog | undefined;
let status: string;
let time: number;
let asked: JsonObject[];
let logged: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlops-scaler-'));
  backlog = { size: 0, instances: 1, oldestSeconds: 0 };
  status = 'InService';
  time = 0;
  asked = [];
  logged = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

function scaler(policies: readonly JsonObject[], target: JsonObject = {}, speed?: number): BacklogScaler {
  const store = new Store(directory);
  scalableTargets(store).put(targetKey(DIMENSION), {
    ...DIMENSION,
    MinCapacity: 0,
    MaxCapacity: 3,
    RoleARN: 'role',
    CreationTime: '',
    SuspendedState: {},
    ScalableTargetARN: 'arn',
    ...target,
  });
  for (const [index, policy] of policies.entries()) {
    const name = { ...DIMENSION, PolicyName: `policy-${index}` };
    scalingPolicies(store).put(policyKey(name), {
      ...name,
      PolicyARN: 'arn',
      PolicyType: 'any',
      CreationTime: '',
      Alarms: [],
      ...policy,
    });
  }
  return new BacklogScaler({
    context: { store, now: () => new Date(time * 1_000), log: (message) => logged.push(message) },
    call: async (action, input) => {
      if (action === 'DescribeEndpoint') return { EndpointStatus: status };
      const [desired] = input.DesiredWeightsAndCapacities as readonly JsonObject[];
      asked.push(desired ?? {});
      if (backlog) backlog = { ...backlog, instances: Number(desired?.DesiredInstanceCount) };
      return {};
    },
    backlogOf: (name) => (name === 'asynchronous' ? backlog : undefined),
    speed,
  });
}

/** The count that is asked for at once, undefined if none is. */
async function counted(
  size: number,
  instances: number,
  ...more: Parameters<typeof scaler>
): Promise<number | undefined> {
  backlog = { size, instances, oldestSeconds: 0 };
  await scaler(...more).look();
  return asked[0]?.DesiredInstanceCount as number | undefined;
}

describe('an asynchronous endpoint', () => {
  test.each([
    [1, 0, 1],
    [100, 0, 1],
    [0, 0, undefined],
    [5, 1, undefined],
    [6, 1, 2],
    [11, 1, 3],
    [1_000, 1, 3],
    [1_000, 3, undefined],
  ])('with %d requests and %d instances is brought to %s', async (size, instances, count) => {
    expect(await counted(size, instances, [TRACKING, STEPS])).toBe(count);
  });

  test('stays at nothing without a policy that adds an instance, as in an account', async () => {
    expect(await counted(9, 0, [TRACKING])).toBeUndefined();
    expect(await counted(9, 0, [TRACKING, { StepScalingPolicyConfiguration: {} }])).toBeUndefined();
  });

  test('begins with as many as it has at least', async () => {
    expect(await counted(1, 0, [STEPS], { MinCapacity: 2 })).toBe(2);
  });

  test('is left alone without policies, while it changes, and where scaling is suspended', async () => {
    expect(await counted(9, 1, [])).toBeUndefined();
    status = 'Updating';
    expect(await counted(9, 1, [TRACKING])).toBeUndefined();
    status = 'InService';
    const SuspendedState = { DynamicScalingOutSuspended: true };
    expect(await counted(9, 1, [TRACKING], { SuspendedState })).toBeUndefined();
    expect(await counted(9, 0, [TRACKING, STEPS], { SuspendedState })).toBeUndefined();
    backlog = undefined;
    await scaler([TRACKING]).look();
    expect(asked).toEqual([]);
  });

  test.each([
    [1, 600],
    [60, 10],
    [undefined, 600],
  ])('at speed %s goes down once it has had too many instances for %d s without a break', async (speed, seconds) => {
    const scaling = scaler([TRACKING, STEPS], {}, speed);
    await scaling.look();
    time += seconds - 1;
    await scaling.look();
    backlog = { size: 5, instances: 1, oldestSeconds: 0 };
    await scaling.look();
    backlog = { size: 0, instances: 1, oldestSeconds: 0 };
    await scaling.look();
    time += seconds - 1;
    await scaling.look();
    expect(asked).toEqual([]);
    time += 1;
    await scaling.look();
    expect(asked).toEqual([{ VariantName: 'AllTraffic', DesiredInstanceCount: 0 }]);
  });

  test('is passed over while a record can not be read, which is told once, and scaled again once it can', async () => {
    const scaling = scaler([TRACKING]);
    const damaged = join(directory, 'scalable-targets', 'damaged.json');
    writeFileSync(damaged, '{"half":');
    backlog = { size: 11, instances: 1, oldestSeconds: 0 };
    await scaling.look();
    await scaling.look();
    expect(logged).toEqual([expect.stringMatching(/^no endpoint can be scaled by its backlog, got .*JSON/)]);
    rmSync(damaged);
    await scaling.look();
    expect(asked).toEqual([{ VariantName: 'AllTraffic', DesiredInstanceCount: 3 }]);
  });

  test('never goes below its fewest, nor down where that is switched off', async () => {
    const { TargetTrackingScalingPolicyConfiguration: tracking } = TRACKING;
    const off = { TargetTrackingScalingPolicyConfiguration: { ...tracking, DisableScaleIn: true } };
    for (const scaling of [scaler([TRACKING], { MinCapacity: 1 }), scaler([off])]) {
      await scaling.look();
      time += 10_000;
      await scaling.look();
    }
    expect(asked).toEqual([]);
  });
});
