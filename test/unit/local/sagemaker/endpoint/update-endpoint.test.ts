import { writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from '../../../../../local/container/process-identity';
import { FakeService, until } from './fake-service';

// Real processes on a machine that may be busy.
let fake: FakeService;
beforeEach(() => {
  fake = new FakeService();
});
afterEach(() => fake.end());

/** Requests without a pause until it is stopped. */
function load(workers = 8): {
  readonly versions: readonly string[];
  stop(): Promise<{ versions: string[]; failures: unknown[] }>;
} {
  const versions: string[] = [];
  const failures: unknown[] = [];
  const state = { on: true };
  const work = async () => {
    while (state.on) {
      try {
        versions.push((await fake.invoke({ sleep: 0.01 })).version);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const working = Promise.all(Array.from({ length: workers }, work));
  return {
    versions,
    stop: async () => {
      state.on = false;
      await working;
      return { versions, failures };
    },
  };
}

describe('UpdateEndpoint', () => {
  test('under load moves all traffic to the new fleet without a failed request, and ends the old one', async () => {
    await fake.create([{ instances: 2 }]);
    const old = fake.processes;
    const requests = load();
    await until(() => (requests ? fake.invoke().then(() => true) : undefined));
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two', [{ instances: 2 }]) });
    expect(await fake.describe()).toMatchObject({
      EndpointStatus: 'Updating',
      EndpointConfigName: 'one',
      PendingDeploymentSummary: { EndpointConfigName: 'two', StartTime: expect.any(String) },
    });
    const description = await fake.settled();
    expect(description).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(description.PendingDeploymentSummary).toBeUndefined();
    expect(description.FailureReason).toBeUndefined();
    await until(() => requests.versions.length > 50 || undefined);
    const { versions, failures } = await requests.stop();
    expect(failures).toEqual([]);
    const change = versions.indexOf('two');
    expect(change).toBeGreaterThan(0);
    // Answers of the old fleet may still come in, but no request is sent to it any more.
    expect(versions.slice(change + 16)).not.toContain('one');
    expect(old.filter((pid) => identify(pid))).toEqual([]);
    expect(fake.events.map(({ EndpointStatus }) => EndpointStatus)).toEqual([
      'CREATING',
      'IN_SERVICE',
      'UPDATING',
      'IN_SERVICE',
    ]);
  });

  test('that fails keeps the old fleet serving under load and tells why, until the next update', async () => {
    await fake.create();
    const requests = load(4);
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('bad', [{ behaviour: { exit: 3 } }]) });
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'one',
      FailureReason: expect.stringContaining('got exit code 3'),
    });
    const { versions, failures } = await requests.stop();
    expect(failures).toEqual([]);
    expect(new Set(versions)).toEqual(new Set(['one']));
    expect(fake.processes).toHaveLength(1);
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
    expect((await fake.describe()).FailureReason).toBeUndefined();
    expect(await fake.settled()).toMatchObject({ EndpointConfigName: 'two' });
    expect((await fake.describe()).FailureReason).toBeUndefined();
  });

  test('does not fail because the disk of the old fleet can not be freed', async () => {
    await fake.create();
    const { rm } = promises;
    const busy = jest.spyOn(promises, 'rm').mockImplementation(async (path, options) => {
      if (String(path).endsWith('opt')) throw new Error('EBUSY');
      await rm(path, options);
    });
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
    const description = await fake.settled().finally(() => busy.mockRestore());
    expect(description).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'two' });
    expect(description.FailureReason).toBeUndefined();
    expect(fake.context.messages.join('\n')).toContain("can't free the disk, got EBUSY");
  });

  test('waits for requests that the old fleet still works on', async () => {
    await fake.create();
    const go = join(fake.context.directory, 'go');
    const slow = fake.invoke({ until: go });
    await fake.do('UpdateEndpoint', { EndpointConfigName: await fake.config('two') });
    await until(() => fake.invoke().then(({ version }) => version === 'two' || undefined));
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'two' });
    writeFileSync(go, '');
    expect(await slow).toMatchObject({ version: 'one' });
    expect(await fake.settled()).toMatchObject({ EndpointStatus: 'InService' });
  });

  test('is refused while another change is under way, and for what is not there', async () => {
    await expect(fake.do('UpdateEndpoint', { EndpointConfigName: 'one' })).rejects.toThrow(
      /Could not find endpoint ".*endpoint\/dev-flight-delay"/,
    );
    await fake.create();
    await expect(fake.do('UpdateEndpoint', { EndpointConfigName: 'none' })).rejects.toThrow('Could not find none');
    const both = await Promise.allSettled([1, 2].map(() => fake.do('UpdateEndpoint', { EndpointConfigName: 'one' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(fake.do('DeleteEndpoint')).rejects.toThrow('in-progress');
    await expect(fake.do('UpdateEndpoint', { EndpointConfigName: 'one' })).rejects.toThrow(
      'Cannot update in-progress endpoint',
    );
    await fake.settled();
  });
});

describe('UpdateEndpointWeightsAndCapacities', () => {
  const two = [
    { name: 'a', behaviour: { version: 'a' } },
    { name: 'b', behaviour: { version: 'b' } },
  ];

  test('changes weights and instance counts, without a failed request', async () => {
    await fake.create(two);
    const requests = load(4);
    const scale = (DesiredInstanceCount: number) =>
      fake.do('UpdateEndpointWeightsAndCapacities', {
        DesiredWeightsAndCapacities: [
          { VariantName: 'a', DesiredWeight: 0 },
          { VariantName: 'b', DesiredInstanceCount },
        ],
      });
    await scale(3);
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'Updating' });
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      ProductionVariants: [
        { VariantName: 'a', CurrentWeight: 0, CurrentInstanceCount: 1 },
        { VariantName: 'b', CurrentWeight: 1, CurrentInstanceCount: 3, DesiredInstanceCount: 3 },
      ],
    });
    expect(fake.processes).toHaveLength(4);
    await scale(1);
    await fake.settled();
    expect(fake.processes).toHaveLength(2);
    const { failures, versions } = await requests.stop();
    expect(failures).toEqual([]);
    expect(versions.at(-1)).toBe('b');
  });

  test.each([
    [[{ VariantName: 'c', DesiredWeight: 1 }], 'Could not find variant "c"; the endpoint has a, b'],
    [[{ VariantName: 'a', DesiredWeight: -1 }], 'DesiredWeight must be 0 or more, got -1'],
    [[{ VariantName: 'a', DesiredWeight: Number.NaN }], 'DesiredWeight must be 0 or more, got NaN'],
    [[{ VariantName: 'a', DesiredInstanceCount: 0 }], 'DesiredInstanceCount must be a whole number from 1, got 0'],
    [[{ VariantName: 'a', DesiredInstanceCount: 1.5 }], 'DesiredInstanceCount must be a whole number from 1, got 1.5'],
  ])('refuses %j', async (DesiredWeightsAndCapacities, message) => {
    await fake.create(two);
    await expect(fake.do('UpdateEndpointWeightsAndCapacities', { DesiredWeightsAndCapacities })).rejects.toThrow(
      message,
    );
    expect(await fake.describe()).toMatchObject({ EndpointStatus: 'InService' });
  });

  test('that can not start its instances leaves the old count and tells why', async () => {
    await fake.create();
    await fake.context.storage.write('s3://models/one-0.tar.gz', 'rubbish');
    await fake.do('UpdateEndpointWeightsAndCapacities', {
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 2 }],
    });
    expect(await fake.settled()).toMatchObject({
      EndpointStatus: 'InService',
      FailureReason: expect.stringContaining("can't unpack"),
      ProductionVariants: [{ CurrentInstanceCount: 1, DesiredInstanceCount: 1 }],
    });
    expect(await fake.invoke()).toMatchObject({ version: 'one' });
  });

  test('is undone by an update, unless the update retains it', async () => {
    await fake.create(two);
    const change = async () => {
      await fake.do('UpdateEndpointWeightsAndCapacities', {
        DesiredWeightsAndCapacities: [{ VariantName: 'a', DesiredWeight: 5, DesiredInstanceCount: 2 }],
      });
      await fake.settled();
    };
    const a = async (input: object) => {
      await fake.do('UpdateEndpoint', { EndpointConfigName: 'one', ...input });
      const { ProductionVariants } = await fake.settled();
      return (ProductionVariants as object[])[0];
    };
    await change();
    expect(await a({ RetainAllVariantProperties: true })).toMatchObject({ CurrentWeight: 5, CurrentInstanceCount: 2 });
    expect(
      await a({
        RetainAllVariantProperties: true,
        ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }],
      }),
    ).toMatchObject({ CurrentWeight: 1, CurrentInstanceCount: 2 });
    expect(await a({})).toMatchObject({ CurrentWeight: 1, CurrentInstanceCount: 1 });
  });
});
