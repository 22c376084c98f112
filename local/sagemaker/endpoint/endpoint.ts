import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Call } from '../operation';
import type { Collection } from '../store';
import { deploymentPlan, shiftTraffic } from './deployment-plan';
import { describeEndpoint, LONGEST_FAILURE_REASON } from './describe-endpoint';
import { endpointStateChange } from './endpoint-event';
import { type EndpointRecord, MOST_INCIDENTS, type PendingUpdate, retain } from './endpoint-record';
import { Fleet } from './fleet';
import { fleetDirectory, pruneFleets } from './fleet-folders';
import type { FleetSpec, ServerlessSpec } from './fleet-spec';
import type { InstanceChange } from './instance';
import { resolveFleet } from './resolve-fleet';
import type { Timing } from './timing';
import { Traffic } from './traffic';

export interface EndpointProps {
  readonly context: Context;
  readonly call: Call;
  readonly records: Collection<EndpointRecord>;
  readonly timing: Timing;
}

export interface DesiredVariant {
  readonly name: string;
  readonly weight?: number;
  readonly instanceCount?: number;
  readonly serverless?: Partial<ServerlessSpec>;
}

/** Nobody waits for an answer any more when the program ends, so servers have less time for it. */
const CLOSE_GRACE_MS = 5_000;

/**
 * The life of one endpoint. Every change is written down before it is begun and again once it is done, so that the
 * next program takes up what this one leaves unfinished. There is always at most one change under way.
 */
export class Endpoint {
  readonly traffic = new Traffic();
  private live: Fleet | undefined;
  /** The fleet that is being started. */
  private green: Fleet | undefined;
  /** The fleet that ends its last requests. */
  private blue: Fleet | undefined;
  private work: Promise<void> = Promise.resolve();
  private recovery: Promise<void> = Promise.resolve();
  private recovered: () => void = () => undefined;
  /** Changes that were asked for since the program began. */
  private asked = 0;
  private readonly ending = new AbortController();

  /** @param record as it is on disk */
  constructor(
    private readonly props: EndpointProps,
    private record: EndpointRecord,
  ) {}

  get current(): EndpointRecord {
    return this.record;
  }

  /** Settles once each variant that an earlier program ran has an instance again, or all of them have failed to start. */
  get ready(): Promise<void> {
    return this.recovery;
  }

  describe(): JsonObject {
    return describeEndpoint(this.record, this.live, this.green);
  }

  /** Starts the first fleet. The record says Creating. */
  create(): void {
    this.announce();
    void this.run(
      'creation',
      async () => {
        const fleet = await this.startFleet(
          await resolveFleet(this.props.context, this.props.call, this.record.EndpointConfigName),
        );
        this.live = fleet;
        this.green = undefined;
        this.traffic.shift(new Map([[fleet, 100]]));
        this.save({ EndpointStatus: 'InService', live: fleet.spec });
      },
      (reason) => ({ EndpointStatus: 'Failed', FailureReason: reason }),
    );
  }

  /** Moves the endpoint to another configuration. If that fails, the old fleet goes on serving. */
  update(pending: PendingUpdate): void {
    this.asked += 1;
    this.save({ EndpointStatus: 'Updating', pending, FailureReason: undefined });
    this.deploy(pending);
  }

  /** Changes weights and instance counts of the fleet that serves. */
  scale(desired: readonly DesiredVariant[]): void {
    this.asked += 1;
    this.save({ EndpointStatus: 'Updating', FailureReason: undefined });
    void this.run(
      'scaling',
      async () => {
        for (const { name, weight } of desired) if (weight !== undefined) this.live?.setWeight(name, weight);
        for (const { name, instanceCount } of desired)
          if (instanceCount !== undefined) await this.live?.scale(name, instanceCount);
        for (const { name, serverless } of desired) if (serverless) await this.live?.reconfigure(name, serverless);
        this.save({ EndpointStatus: 'InService', live: this.live?.spec });
      },
      (reason) => ({ EndpointStatus: 'InService', FailureReason: reason, live: this.live?.spec }),
    );
  }

  /** Ends the processes and forgets the endpoint; the logs stay. */
  async delete(): Promise<void> {
    if (this.record.EndpointStatus !== 'Deleting') this.save({ EndpointStatus: 'Deleting' });
    this.ending.abort();
    this.traffic.shift(new Map());
    await Promise.all([this.live?.retire(), this.green?.stop()]);
    await this.work;
    this.props.records.delete(this.record.EndpointName);
    this.log('deleted');
  }

  /** Takes up what the program before has left, after its processes have been ended. */
  resume(): void {
    const { live, pending, EndpointStatus } = this.record;
    if (EndpointStatus === 'Creating') return this.create();
    if (!live || EndpointStatus === 'Failed') return;
    const fleet = this.makeFleet(live);
    this.live = fleet;
    this.traffic.shift(new Map([[fleet, 100]]));
    const serving = new Promise<void>((resolve) => {
      this.recovered = resolve;
    });
    const starting = this.run(
      'start after a restart',
      async () => {
        const failure = await fleet.recover();
        // The status belongs to the update or scaling that comes next.
        if (pending || this.asked > 0) return;
        if (!fleet.serves)
          this.save({ EndpointStatus: 'OutOfService', FailureReason: failure?.slice(0, LONGEST_FAILURE_REASON) });
        else if (this.record.EndpointStatus !== 'InService') this.save({ EndpointStatus: 'InService' });
      },
      (reason) => ({ EndpointStatus: 'OutOfService', FailureReason: reason }),
    );
    this.recovery = Promise.race([serving, starting]);
    if (pending) this.deploy(pending);
  }

  /** Ends all processes and leaves the record as it is. */
  async close(): Promise<void> {
    this.ending.abort();
    const grace = Math.min(this.props.timing.stopGraceMs, CLOSE_GRACE_MS);
    await Promise.all([this.live, this.green, this.blue].map(async (fleet) => fleet?.stop(grace)));
    await this.work;
  }

  private deploy(pending: PendingUpdate): void {
    const { context, call } = this.props;
    void this.run(
      'update',
      async () => {
        const blue = this.live;
        if (!blue) throw new Error('there is no fleet to update');
        const spec = retain(await resolveFleet(context, call, pending.endpointConfigName), pending.retain, blue.spec);
        const green = await this.startFleet(spec);
        const plan = deploymentPlan(pending.deploymentConfig);
        if (plan.ignored.length > 0)
          this.log(`traffic is shifted all at once; not done here yet: ${plan.ignored.join(', ')}`);
        await shiftTraffic({ plan, traffic: this.traffic, blue, green, signal: this.ending.signal });
        try {
          // From here on the next program starts the new fleet.
          this.save({
            live: green.spec,
            EndpointConfigName: spec.endpointConfigName,
            pending: undefined,
            ...(pending.deploymentConfig && { LastDeploymentConfig: pending.deploymentConfig }),
          });
        } catch (error) {
          this.traffic.shift(new Map([[blue, 100]]));
          throw error;
        }
        this.live = green;
        this.green = undefined;
        this.blue = blue;
        await blue.retire();
        this.blue = undefined;
        await pruneFleets(context.store, this.record.EndpointName, [spec.id]);
        this.save({ EndpointStatus: 'InService' });
      },
      (reason) => ({
        EndpointStatus: this.live?.serves === true ? 'InService' : 'OutOfService',
        FailureReason: reason,
        pending: undefined,
      }),
    );
  }

  private async startFleet(spec: FleetSpec): Promise<Fleet> {
    this.ending.signal.throwIfAborted();
    const fleet = this.makeFleet(spec);
    this.green = fleet;
    await fleet.start();
    this.ending.signal.throwIfAborted();
    return fleet;
  }

  private makeFleet(spec: FleetSpec): Fleet {
    const { context, timing } = this.props;
    return new Fleet({
      context,
      spec,
      directory: fleetDirectory(context.store, this.record.EndpointName, spec.id),
      timing,
      onChange: (fleet, change) => {
        try {
          this.note(fleet, change);
        } catch (error) {
          this.log(`its state can't be written, got ${(error as Error).message}`);
        }
      },
    });
  }

  /** One change after the other. What fails is recorded; nothing is when the program or the endpoint is being ended. */
  private run(
    what: string,
    change: () => Promise<void>,
    onFailure: (reason: string) => Partial<EndpointRecord>,
  ): Promise<void> {
    this.work = this.runAfter(this.work, what, change, onFailure);
    return this.work;
  }

  private async runAfter(
    before: Promise<void>,
    ...[what, change, onFailure]: Parameters<Endpoint['run']>
  ): Promise<void> {
    await before;
    if (this.ending.signal.aborted) return;
    try {
      await change();
    } catch (error) {
      const { message } = error as Error;
      await this.green?.stop();
      this.green = undefined;
      if (this.ending.signal.aborted) return;
      this.log(`${what} failed: ${message}`);
      const changes = onFailure(message.slice(0, LONGEST_FAILURE_REASON));
      try {
        this.save(changes);
      } catch (cause) {
        this.log(`its state can't be written, got ${(cause as Error).message}`);
        this.record = { ...this.record, ...changes };
      }
    }
  }

  private note(fleet: Fleet, { instance, state, message }: InstanceChange): void {
    const { context, records } = this.props;
    this.log(
      `instance ${instance} of ${fleet.spec.endpointConfigName}: ${state}${message === undefined ? '' : `, ${message}`}`,
    );
    if (fleet !== this.live) return;
    if (fleet.serves) this.recovered();
    if (state !== 'InService') {
      const incident = {
        time: context.now().toISOString(),
        instance,
        state,
        message: message?.slice(-LONGEST_FAILURE_REASON),
      };
      this.record = { ...this.record, incidents: [...(this.record.incidents ?? []), incident].slice(-MOST_INCIDENTS) };
      records.put(this.record.EndpointName, this.record);
    } else if (this.record.EndpointStatus === 'OutOfService' && fleet.serves)
      this.save({ EndpointStatus: 'InService', FailureReason: undefined });
  }

  private save(changes: Partial<EndpointRecord>): void {
    const next = { ...this.record, ...changes, LastModifiedTime: this.props.context.now().toISOString() };
    this.props.records.put(next.EndpointName, next);
    const before = this.record.EndpointStatus;
    this.record = next;
    if (next.EndpointStatus !== before) this.announce();
  }

  private announce(): void {
    const { context } = this.props;
    this.log(this.record.EndpointStatus);
    context.events
      .publish(endpointStateChange(this.record))
      .catch((error: unknown) => this.log(`its event can't be published, got ${(error as Error).message}`));
  }

  private log(message: string): void {
    this.props.context.log(`endpoint ${this.record.EndpointName}: ${message}`);
  }
}
