import type { JsonObject } from '../../../core/json';
import type { Context, EventPublisher } from '../context';
import type { Collection } from '../store';
import { deploymentStateChange } from './deployment-event';
import { LONGEST_FAILURE_REASON } from './describe-endpoint';
import { endpointStateChange } from './endpoint-event';
import { type EndpointRecord, MOST_INCIDENTS } from './endpoint-record';
import type { InstanceChange } from './instance';

/** The record of an endpoint in memory and on disk, and the events that tell of its changes. */
export class EndpointState {
  constructor(
    private readonly context: Pick<Context, 'now' | 'log' | 'events'>,
    private readonly records: Collection<EndpointRecord>,
    private record: EndpointRecord,
  ) {}

  get current(): EndpointRecord {
    return this.record;
  }

  /** @throws if it can't be written; nothing is changed then */
  save(changes: Partial<EndpointRecord>): void {
    const next = this.with(changes);
    this.records.put(next.EndpointName, next);
    const before = this.record.EndpointStatus;
    this.record = next;
    if (next.EndpointStatus !== before) this.announce();
  }

  /**
   * Saves that a deployment has come to its next stage, and tells of it.
   * @param describe gives DescribeEndpoint's answer with the changes
   * @throws if it can't be written; nothing is changed then
   */
  saveStage(changes: Partial<EndpointRecord>, describe: () => JsonObject): void {
    this.save(changes);
    this.publish(deploymentStateChange(this.record, describe()));
  }

  /** What can't be written is true nevertheless, until the program ends. */
  saveIfPossible(changes: Partial<EndpointRecord>): void {
    try {
      this.save(changes);
    } catch (error) {
      this.log(`its state can't be written, got ${(error as Error).message}`);
      this.record = this.with(changes);
    }
  }

  remember({ instance, state, message }: InstanceChange): void {
    const incident = {
      time: this.context.now().toISOString(),
      instance,
      state,
      message: message?.slice(-LONGEST_FAILURE_REASON),
    };
    this.record = { ...this.record, incidents: [...(this.record.incidents ?? []), incident].slice(-MOST_INCIDENTS) };
    this.records.put(this.record.EndpointName, this.record);
  }

  delete(): void {
    this.records.delete(this.record.EndpointName);
    this.log('deleted');
  }

  /** Publishes its status. */
  announce(): void {
    this.log(this.record.EndpointStatus);
    this.publish(endpointStateChange(this.record));
  }

  log(message: string): void {
    this.context.log(`endpoint ${this.record.EndpointName}: ${message}`);
  }

  private publish(event: Parameters<EventPublisher['publish']>[0]): void {
    this.context.events
      .publish(event)
      .catch((error: unknown) => this.log(`its event can't be published, got ${(error as Error).message}`));
  }

  private with(changes: Partial<EndpointRecord>): EndpointRecord {
    return { ...this.record, ...changes, LastModifiedTime: this.context.now().toISOString() };
  }
}
