import * as fc from 'fast-check';
import type { JsonObject } from '../../../../../core/json';
import type { AlarmState } from '../../../../../local/sagemaker/alarm-source';
import type { Clock } from '../../../../../local/sagemaker/endpoint/clock';
import {
  type DeployedFleet,
  Deployment,
  type DeploymentProgress,
  firstFleet,
} from '../../../../../local/sagemaker/endpoint/deployment';
import { deploymentPlan } from '../../../../../local/sagemaker/endpoint/deployment-plan';
import type { FleetSpec } from '../../../../../local/sagemaker/endpoint/fleet-spec';

const fleetSpec = (id: string, instanceCount: number): FleetSpec => ({
  id,
  endpointConfigName: id,
  resolvedAt: '2026-01-01T00:00:00.000Z',
  variants: [
    {
      name: 'AllTraffic',
      modelName: 'm',
      instanceCount,
      weight: 1,
      container: { image: 'i', environment: {} },
      healthTimeoutSeconds: 60,
    },
  ],
});

/** A clock that stands still until it is told to go on. */
class FakeClock implements Clock {
  private time = 0;
  private sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      const wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      this.sleepers.push({ at: this.time + ms, wake });
    });
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      this.time = Math.max(this.time, next.at);
      next.wake();
    }
    this.time = end;
    await settle();
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

class FakeFleet implements DeployedFleet {
  running = 0;
  active = 100;
  retired = false;
  broken = false;

  constructor(
    public spec: FleetSpec,
    private readonly clock: FakeClock,
    private readonly startMs = 2_000,
  ) {}

  get serves(): boolean {
    return this.running > 0 && !this.broken && !this.retired;
  }

  async start(): Promise<void> {
    await this.clock.wait(this.startMs, NEVER);
    if (this.broken) throw new Error('does not start');
    this.running = this.count;
  }

  activate(percent: number): void {
    this.active = percent;
  }

  async scale(_: string, count: number): Promise<void> {
    if (count > this.running) await this.clock.wait(this.startMs, NEVER);
    this.spec = fleetSpec(this.spec.id, count);
    this.running = count;
  }

  async retire(): Promise<void> {
    this.retired = true;
    this.running = 0;
  }

  get count(): number {
    return this.spec.variants[0]?.instanceCount ?? 0;
  }
}

const NEVER = new AbortController().signal;

const CONFIGS = {
  allAtOnce: {
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 60 } },
  },
  canary: {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: 'CANARY',
        CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 },
        WaitIntervalInSeconds: 600,
      },
      TerminationWaitInSeconds: 300,
      MaximumExecutionTimeoutInSeconds: 1_600,
    },
  },
  linear: {
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: 'LINEAR',
        LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 25 },
        WaitIntervalInSeconds: 60,
      },
    },
  },
  rolling: {
    RollingUpdatePolicy: { MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 1 }, WaitIntervalInSeconds: 60 },
  },
} satisfies Record<string, JsonObject>;

/** An endpoint of four instances that is deployed to, with a program that can be killed and begun again. */
class World {
  readonly clock = new FakeClock();
  alarm: AlarmState['state'] | 'missing' = 'OK';
  readable = true;
  blue: FakeFleet;
  green: FakeFleet | undefined;
  shares = new Map<FakeFleet, number>();
  readonly seen: { readonly stage: string; readonly at: number; readonly green: number }[] = [];
  outcome: 'running' | 'succeeded' | Error = 'running';
  progress: DeploymentProgress | undefined;
  private program = new AbortController();
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    readonly config: keyof typeof CONFIGS = 'canary',
    private readonly speed = 1,
    private readonly greenFails = false,
  ) {
    this.blue = this.serving();
  }

  start(): void {
    const plan = deploymentPlan(
      { ...CONFIGS[this.config], AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] } },
      [{ name: 'AllTraffic', instanceCount: 4 }],
    );
    const { signal } = this.program;
    const target = fleetSpec('two', 4);
    const green = new FakeFleet(firstFleet(plan, target, this.progress?.step ?? 0), this.clock);
    green.broken = this.greenFails;
    this.green = green;
    this.shares = new Map([[this.blue, 100]]);
    this.work = new Deployment<FakeFleet>({
      plan,
      traffic: { shift: (shares) => (this.shares = new Map(shares)) },
      blue: this.blue,
      green,
      target,
      origin: fleetSpec('one', 4),
      progress: this.progress,
      onProgress: (progress) => {
        this.progress = progress;
        this.seen.push({ stage: progress.stage, at: this.clock.now(), green: this.share });
      },
      alarms: {
        describe: async () => {
          if (!this.readable) throw new Error('connect ECONNREFUSED');
          return this.alarm === 'missing' ? [] : [{ name: 'errors', state: this.alarm, reason: 'too many' }];
        },
      },
      clock: this.clock,
      now: () => new Date(this.clock.now()),
      speed: this.speed,
      signal,
      log: () => undefined,
    })
      .run()
      .then(
        () => 'succeeded' as const,
        (error: Error) => (signal.aborted ? ('running' as const) : error),
      )
      .then((outcome) => (this.outcome = outcome));
  }

  /** Another program takes over, with new servers for the old fleet. */
  async kill(): Promise<void> {
    this.program.abort();
    await settle();
    await this.work;
    this.program = new AbortController();
    if (this.outcome !== 'running') return;
    this.blue = this.serving();
    this.start();
  }

  get share(): number {
    return (this.green && this.shares.get(this.green)) ?? 0;
  }

  /** Some fleet with a share answers, or takes over as Traffic has it. */
  get answers(): boolean {
    return [...this.shares.keys()].some((fleet) => fleet.serves);
  }

  private serving(): FakeFleet {
    const fleet = new FakeFleet(fleetSpec('one', 4), this.clock);
    fleet.running = 4;
    return fleet;
  }
}

const minutes = (count: number) => count * 60_000;

describe('a deployment', () => {
  test('by canary bakes the canary, bakes the rest and keeps the old fleet for the termination wait', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(2_000);
    expect(world.share).toBe(10);
    expect(world.green?.active).toBe(10);
    await world.clock.advance(minutes(10) - 1);
    expect(world.share).toBe(10);
    await world.clock.advance(1);
    expect(world.share).toBe(100);
    await world.clock.advance(minutes(15) - 1);
    expect(world.outcome).toBe('running');
    expect(world.blue.serves).toBe(true);
    await world.clock.advance(1);
    expect(world.outcome).toBe('succeeded');
    expect(world.seen.map(({ stage }) => stage)).toEqual([
      'Creating',
      'ActivatingTraffic',
      'Baking',
      'ActivatingTraffic',
      'Baking',
      'TerminationWait',
    ]);
  });

  test('in linear steps bakes each of them', async () => {
    const world = new World('linear');
    world.start();
    await world.clock.advance(2_000);
    for (const share of [25, 50, 75, 100]) {
      expect(world.share).toBe(share);
      await world.clock.advance(minutes(1));
    }
    expect(world.outcome).toBe('succeeded');
  });

  test('on a clock that is sped up waits as many times less, but gives servers their time', async () => {
    const world = new World('canary', 60);
    world.start();
    await world.clock.advance(2_000);
    await world.clock.advance(24_999);
    expect(world.outcome).toBe('running');
    await world.clock.advance(1);
    expect(world.outcome).toBe('succeeded');
  });

  test('that rolls replaces batch after batch and never has more than one instance too many', async () => {
    const world = new World('rolling');
    world.start();
    await world.clock.advance(2_000);
    for (const batch of [1, 2, 3]) {
      expect([world.green?.running, world.blue.running, world.share]).toEqual([batch, 5 - batch, batch * 25]);
      await world.clock.advance(minutes(1) + 2_000);
    }
    expect([world.green?.running, world.blue.running, world.share]).toEqual([4, 1, 100]);
    await world.clock.advance(minutes(1));
    expect(world.outcome).toBe('succeeded');
  });

  test.each(['canary', 'linear', 'allAtOnce', 'rolling'] as const)(
    'by %s goes back at once when an alarm goes off',
    async (config) => {
      const world = new World(config);
      world.start();
      await world.clock.advance(30_000);
      expect(world.share).toBeGreaterThan(0);
      world.alarm = 'ALARM';
      await world.clock.advance(12_000);
      expect(world.outcome).toEqual(new Error('One or more configured alarm(s) went into ALARM state: [errors]'));
      expect([...world.shares]).toEqual([[world.blue, 100]]);
      expect(world.green?.retired).toBe(true);
      expect(world.blue.running).toBe(4);
      expect(world.seen.at(-1)).toMatchObject({ stage: 'RollingBack' });
    },
  );

  test('goes back from the termination wait too', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(minutes(22));
    expect(world.seen.at(-1)?.stage).toBe('TerminationWait');
    world.alarm = 'ALARM';
    await world.clock.advance(10_000);
    expect([...world.shares]).toEqual([[world.blue, 100]]);
  });

  test('brings a rolled fleet back before its traffic', async () => {
    const world = new World('rolling');
    world.start();
    await world.clock.advance(minutes(2) + 10_000);
    expect(world.blue.running).toBe(2);
    world.alarm = 'ALARM';
    await world.clock.advance(10_000);
    expect(world.blue.running).toBe(4);
    expect([...world.shares]).toEqual([[world.blue, 100]]);
  });

  test.each([
    ['ALARM', 'One or more configured alarm(s) went into ALARM state: [errors]'],
    ['missing', 'One or more configured alarm(s) do not exist: [errors]'],
  ] as const)('does not begin with an alarm that is %s', async (state, message) => {
    const world = new World();
    world.alarm = state;
    world.start();
    await world.clock.advance(1);
    expect(world.outcome).toEqual(new Error(message));
    expect(world.seen.every(({ green }) => green === 0)).toBe(true);
  });

  test('takes an alarm without data for no reason to go back', async () => {
    const world = new World('linear');
    world.alarm = 'INSUFFICIENT_DATA';
    world.start();
    await world.clock.advance(minutes(5));
    expect(world.outcome).toBe('succeeded');
  });

  test('stays where it is while its alarms can not be read', async () => {
    const world = new World('canary');
    world.start();
    await world.clock.advance(2_000);
    world.readable = false;
    await world.clock.advance(minutes(15));
    expect(world.share).toBe(10);
    world.readable = true;
    await world.clock.advance(10_000);
    expect(world.share).toBe(100);
  });

  test('goes back when its time is up', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(2_000);
    world.readable = false;
    await world.clock.advance(1_600_000);
    expect(world.outcome).toEqual(
      new Error('The deployment exceeded its MaximumExecutionTimeoutInSeconds of 1600 seconds'),
    );
    expect([...world.shares]).toEqual([[world.blue, 100]]);
  });

  test('goes back when the new fleet does not start, or ends for good', async () => {
    const failing = new World('canary', 1, true);
    failing.start();
    await failing.clock.advance(3_000);
    expect(failing.outcome).toEqual(new Error('does not start'));
    const dying = new World();
    dying.start();
    await dying.clock.advance(3_000);
    if (dying.green) dying.green.broken = true;
    await dying.clock.advance(minutes(1));
    expect(dying.outcome).toEqual(new Error('The instances of the new fleet do not pass the ping health check'));
  });

  test('keeps the new fleet while the old one that it goes back to does not answer', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(3_000);
    world.blue.broken = true;
    world.alarm = 'ALARM';
    await world.clock.advance(20_000);
    expect(world.answers).toBe(true);
    expect(world.outcome).toBe('running');
    world.blue.broken = false;
    await world.clock.advance(1_000);
    expect([...world.shares]).toEqual([[world.blue, 100]]);
    expect(world.green?.retired).toBe(true);
  });
});

describe('a deployment that was cut off', () => {
  test('begins its last step anew, and not the ones before it', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(minutes(15));
    expect(world.share).toBe(100);
    await world.kill();
    expect(world.share).toBe(0);
    await world.clock.advance(2_000);
    expect(world.share).toBe(100);
    await world.clock.advance(minutes(10) - 1);
    expect(world.seen.at(-1)?.stage).toBe('Baking');
    expect(world.seen.filter(({ green }) => green === 10).length).toBeGreaterThan(0);
  });

  test('goes back if it was going back', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(3_000);
    world.blue.broken = true;
    world.alarm = 'ALARM';
    await world.clock.advance(10_000);
    expect(world.progress?.stage).toBe('RollingBack');
    world.alarm = 'OK';
    await world.kill();
    await world.clock.advance(1_000);
    expect(world.outcome).toEqual(new Error('One or more configured alarm(s) went into ALARM state: [errors]'));
    expect([...world.shares]).toEqual([[world.blue, 100]]);
  });

  test('in its termination wait waits for that anew, and does not bake once more', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(minutes(22));
    await world.kill();
    await world.clock.advance(2_000 + minutes(5));
    expect(world.outcome).toBe('succeeded');
  });

  test('has used the time that it had used before', async () => {
    const world = new World();
    world.start();
    await world.clock.advance(minutes(15));
    await world.kill();
    await world.clock.advance(3_000);
    world.readable = false;
    await world.clock.advance(minutes(15));
    expect(world.outcome).toBe('running');
    await world.clock.advance(minutes(2));
    expect(world.outcome).toMatchObject({ message: expect.stringContaining('MaximumExecutionTimeoutInSeconds') });
  });
});

describe('whatever happens', () => {
  type Happening =
    | { readonly kind: 'pass'; readonly seconds: number }
    | { readonly kind: 'alarm'; readonly state: AlarmState['state'] | 'missing' }
    | { readonly kind: 'readable'; readonly readable: boolean }
    | { readonly kind: 'greenBreaks'; readonly broken: boolean }
    | { readonly kind: 'kill' };
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 700 }) }),
    },
    fc.record({
      kind: fc.constant('alarm' as const),
      state: fc.constantFrom(
        'OK' as const,
        'OK' as const,
        'ALARM' as const,
        'INSUFFICIENT_DATA' as const,
        'missing' as const,
      ),
    }),
    fc.record({ kind: fc.constant('readable' as const), readable: fc.boolean() }),
    fc.record({ kind: fc.constant('greenBreaks' as const), broken: fc.boolean() }),
    fc.constant({ kind: 'kill' as const }),
  );

  test('some fleet answers all the time, and one alone serves in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('allAtOnce' as const, 'canary' as const, 'linear' as const, 'rolling' as const),
        fc.constantFrom(1, 60),
        fc.boolean(),
        fc.array(happening, { maxLength: 12 }),
        async (config, speed, fails, happenings) => {
          const world = new World(config, speed, fails);
          world.start();
          for (const event of happenings) {
            if (event.kind === 'pass') await world.clock.advance((event.seconds * 1_000) / speed);
            if (event.kind === 'alarm') world.alarm = event.state;
            if (event.kind === 'readable') world.readable = event.readable;
            if (event.kind === 'greenBreaks' && world.green) world.green.broken = event.broken;
            if (event.kind === 'kill') await world.kill();
            expect(world.answers).toBe(true);
          }
          world.readable = true;
          for (let hour = 0; hour < 24 && world.outcome === 'running'; hour += 1)
            await world.clock.advance(minutes(60));
          expect(world.outcome).not.toBe('running');
          const [serving, ended] =
            world.outcome === 'succeeded' ? [world.green, world.blue] : [world.blue, world.green];
          expect(serving).toMatchObject({ running: 4, retired: false });
          expect([...world.shares].filter(([, share]) => share > 0)).toEqual([[serving, 100]]);
          // The old fleet is ended by whoever takes the new one on.
          expect(ended?.retired).toBe(ended === world.green);
        },
      ),
      { numRuns: 60 },
    );
  });
});
