import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Call } from '../operation';
import type { Collection } from '../store';
import type { DeploymentHistory } from './deployment-history';
import { DeploymentLog } from './deployment-log';
import { describeEndpoint, LONGEST_FAILURE_REASON } from './describe-endpoint';
import type { EndpointRecord, PendingUpdate } from './endpoint-record';
import { EndpointState } from './endpoint-state';
import { EndpointUpdate } from './endpoint-update';
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
  readonly histories: Collection<DeploymentHistory>;
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
  private updating: EndpointUpdate | undefined;
  private readonly state: EndpointState;
  /** What its latest deployments did. */
  readonly deployments: DeploymentLog;
  private work: Promise<void> = Promise.resolve();
  private recovery: Promise<void> = Promise.resolve();
  private recovered: () => void = () => undefined;
  /** Changes that were asked for since the program began. */
  private asked = 0;
  private readonly ending = new AbortController();

  /** @param record as it is on disk */
  constructor(
    private readonly props: EndpointProps,
    record: EndpointRecord,
  ) {
    const { context, records, histories, timing } = props;
    this.state = new EndpointState(context, records, record);
    this.deployments = new DeploymentLog(context, histories, record.EndpointName, timing.speed);
  }

  get current(): EndpointRecord {
    return this.state.current;
  }

  /** Settles once each variant that an earlier program ran has an instance again, or all of them have failed to start. */
  get ready(): Promise<void> {
    return this.recovery;
  }

  describe(): JsonObject {
    return describeEndpoint(this.current, this.live, this.updating?.state);
  }

  /** Starts the first fleet. The record says Creating. */
  create(): void {
    this.state.announce();
    void this.run(
      'creation',
      async () => {
        const fleet = await this.startFleet(
          await resolveFleet(this.props.context, this.props.call, this.current.EndpointConfigName),
        );
        this.live = fleet;
        this.green = undefined;
        this.traffic.shift(new Map([[fleet, 100]]));
        this.state.save({ EndpointStatus: 'InService', live: fleet.spec });
      },
      (reason) => ({ EndpointStatus: 'Failed', FailureReason: reason }),
    );
  }

  /** Moves the endpoint to another configuration. If that fails, the old fleet goes on serving. */
  update(pending: PendingUpdate): void {
    this.asked += 1;
    this.state.save({ EndpointStatus: 'Updating', pending, FailureReason: undefined });
    this.deploy(pending);
  }

  /** Changes weights and instance counts of the fleet that serves. */
  scale(desired: readonly DesiredVariant[]): void {
    this.asked += 1;
    this.state.save({ EndpointStatus: 'Updating', FailureReason: undefined });
    void this.run(
      'scaling',
      async () => {
        for (const { name, weight } of desired) if (weight !== undefined) this.live?.setWeight(name, weight);
        for (const { name, instanceCount } of desired)
          if (instanceCount !== undefined) await this.live?.scale(name, instanceCount);
        for (const { name, serverless } of desired) if (serverless) await this.live?.reconfigure(name, serverless);
        this.state.save({ EndpointStatus: 'InService', live: this.live?.spec });
      },
      (reason) => ({ EndpointStatus: 'InService', FailureReason: reason, live: this.live?.spec }),
    );
  }

  /** Ends the processes and forgets the endpoint; the logs stay. */
  async delete(): Promise<void> {
    if (this.current.EndpointStatus !== 'Deleting') this.state.save({ EndpointStatus: 'Deleting' });
    this.ending.abort();
    this.traffic.shift(new Map());
    await Promise.all([this.live?.retire(), this.green?.stop()]);
    await this.work;
    this.deployments.delete();
    this.state.delete();
  }

  /** Takes up what the program before has left, after its processes have been ended. */
  resume(): void {
    const { live, pending, EndpointStatus } = this.current;
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
          this.state.save({ EndpointStatus: 'OutOfService', FailureReason: failure?.slice(0, LONGEST_FAILURE_REASON) });
        else if (this.current.EndpointStatus !== 'InService') this.state.save({ EndpointStatus: 'InService' });
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
    this.deployments.close();
  }

  private deploy(pending: PendingUpdate): void {
    void this.run(
      'update',
      async () => {
        const blue = this.live;
        if (!blue) throw new Error('there is no fleet to update');
        const updating = this.begin(pending, blue);
        const green = await updating.run();
        try {
          // From here on the next program starts the new fleet.
          this.state.save({
            live: green.spec,
            EndpointConfigName: green.spec.endpointConfigName,
            pending: undefined,
            ...(pending.deploymentConfig && { LastDeploymentConfig: pending.deploymentConfig }),
          });
        } catch (error) {
          this.traffic.shift(new Map([[blue, 100]]));
          throw error;
        }
        this.deployments.end();
        this.traffic.shift(new Map([[green, 100]]));
        this.live = green;
        this.green = undefined;
        this.updating = undefined;
        this.blue = blue;
        await blue.retire();
        this.blue = undefined;
        await pruneFleets(this.props.context.store, this.current.EndpointName, [green.spec.id]);
        this.state.saveStage({ EndpointStatus: 'InService' }, () => this.describe());
      },
      (reason, error) => {
        this.deployments.end(error);
        this.updating = undefined;
        return {
          EndpointStatus: this.live?.serves === true ? 'InService' : 'OutOfService',
          FailureReason: reason,
          pending: undefined,
        };
      },
    );
  }

  private begin(pending: PendingUpdate, blue: Fleet): EndpointUpdate {
    const { traffic, deployments } = this;
    this.updating = new EndpointUpdate({
      ...this.props,
      speed: this.props.timing.speed,
      pending,
      liveConfigName: this.current.EndpointConfigName,
      blue,
      traffic,
      deployments,
      makeFleet: (spec) => {
        this.green = this.makeFleet(spec);
        return this.green;
      },
      save: (changes) => this.state.saveStage(changes, () => this.describe()),
      log: (message) => this.state.log(message),
      signal: this.ending.signal,
    });
    return this.updating;
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
      directory: fleetDirectory(context.store, this.current.EndpointName, spec.id),
      timing,
      onChange: (fleet, change) => {
        try {
          this.note(fleet, change);
        } catch (error) {
          this.state.log(`its state can't be written, got ${(error as Error).message}`);
        }
      },
    });
  }

  /** One change after the other. What fails is recorded; nothing is when the program or the endpoint is being ended. */
  private run(
    what: string,
    change: () => Promise<void>,
    onFailure: (reason: string, error: Error) => Partial<EndpointRecord>,
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
      this.state.log(`${what} failed: ${message}`);
      this.state.saveIfPossible(onFailure(message.slice(0, LONGEST_FAILURE_REASON), error as Error));
    }
  }

  private note(fleet: Fleet, change: InstanceChange): void {
    const { instance, state, message } = change;
    this.state.log(
      `instance ${instance} of ${fleet.spec.endpointConfigName}: ${state}${message === undefined ? '' : `, ${message}`}`,
    );
    if (fleet !== this.live) return;
    if (fleet.serves) this.recovered();
    if (change.state !== 'InService') this.state.remember(change);
    else if (this.current.EndpointStatus === 'OutOfService' && fleet.serves)
      this.state.save({ EndpointStatus: 'InService', FailureReason: undefined });
  }
}
