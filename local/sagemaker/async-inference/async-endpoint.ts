import { setTimeout as delay } from 'node:timers/promises';
import type { AsyncInferenceClientConfig } from '@aws-sdk/client-sagemaker';
import type { Context } from '../context';
import type { DataCapture } from '../endpoint/data-capture';
import type { FleetSpec } from '../endpoint/fleet-spec';
import type { Instance } from '../endpoint/instance';
import type { InvocationMetrics } from '../endpoint/invocation-metrics';
import type { Traffic } from '../endpoint/traffic';
import type { Variant } from '../endpoint/variant';
import { answerRequest, TryAgain } from './answer-request';
import { type Backlog, backlogMetrics } from './backlog-metrics';
import { notification, type Outcome } from './notification';
import type { QueuedRequest } from './queued-request';
import type { RequestQueue } from './request-queue';

export interface AsyncEndpointProps {
  readonly context: Context;
  readonly name: string;
  readonly queue: RequestQueue;
  /** Undefined once the endpoint is gone. */
  readonly traffic: () => Traffic | undefined;
  readonly metrics?: InvocationMetrics;
  readonly capture: DataCapture;
  /** Between two looks for an instance that has room, and before S3 is tried again. */
  readonly retryMs: number;
}

interface Slot {
  readonly fleet: FleetSpec;
  readonly variant: Variant;
  readonly instance: Instance;
}

/** Where a configuration leaves it to the service, this many at the same time. */
const CONCURRENT_PER_INSTANCE = 4;
/** A request that ends the instance each time it is tried fails. */
const MOST_ATTEMPTS = 3;
const NOTIFICATION_ATTEMPTS = 3;

/** Takes the requests of one endpoint from its queue to the instances, as many at a time as each of them takes. */
export class AsyncEndpoint {
  private readonly busy = new Map<Instance, number>();
  private readonly attempts = new Map<string, number>();
  private readonly answering = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly props: AsyncEndpointProps) {}

  /** Begins as many requests as there is room for; looks again by itself while some wait. */
  pump(): void {
    clearTimeout(this.timer);
    if (this.closing.signal.aborted) return;
    const { queue, context, retryMs } = this.props;
    const now = context.now().getTime();
    for (const expired of queue.takeWhere(
      (request) => Date.parse(request.receivedTime) + request.ttlSeconds * 1_000 <= now,
    ))
      this.run(this.expire(expired));
    while (queue.pending.length > 0) {
      const slot = this.slot();
      const request = slot && queue.take();
      if (!request) break;
      this.run(this.answer(request, slot));
    }
    if (queue.pending.length > 0) this.timer = setTimeout(() => this.pump(), retryMs).unref();
  }

  get backlog(): Backlog {
    const { queue, traffic, context } = this.props;
    const fleets = [...(traffic()?.current.keys() ?? [])];
    const [oldest] = queue.pending;
    return {
      size: queue.size,
      instances: fleets
        .flatMap(({ spec }) => spec.variants)
        .reduce((total, { instanceCount }) => total + instanceCount, 0),
      oldestSeconds: oldest ? Math.max(0, (context.now().getTime() - Date.parse(oldest.receivedTime)) / 1_000) : 0,
    };
  }

  measureBacklog(): void {
    const { metrics, name } = this.props;
    for (const measurement of backlogMetrics(name, this.backlog)) metrics?.measure(measurement);
  }

  /** Begins nothing any more. What is under way when the instances end stays in the queue. */
  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
  }

  /** Settles when nothing is under way. */
  async settled(): Promise<void> {
    while (this.answering.size > 0) await Promise.all(this.answering);
  }

  private run(work: Promise<void>): void {
    const { context, name } = this.props;
    const tracked = work
      .catch((error: unknown) => context.log(`endpoint ${name}: ${(error as Error).message}`))
      .finally(() => {
        this.answering.delete(tracked);
        this.pump();
      });
    this.answering.add(tracked);
  }

  /** The least busy instance of the fleet whose turn it is; of another fleet if that one has no room. */
  private slot(): Slot | undefined {
    const traffic = this.props.traffic();
    for (let turn = 0; turn < Math.max(1, traffic?.current.size ?? 0); turn += 1) {
      const fleet = traffic?.next();
      const variant = fleet?.variant(undefined);
      if (!fleet || !variant) continue;
      const client = fleet.spec.asyncInference?.ClientConfig as AsyncInferenceClientConfig | undefined;
      const most = client?.MaxConcurrentInvocationsPerInstance ?? CONCURRENT_PER_INSTANCE;
      const load = (instance: Instance) => this.busy.get(instance) ?? 0;
      const [instance] = variant.inService.filter((one) => load(one) < most).sort((one, two) => load(one) - load(two));
      if (instance) return { fleet: fleet.spec, variant, instance };
    }
    return undefined;
  }

  private async answer(request: QueuedRequest, { fleet, variant, instance }: Slot): Promise<void> {
    const { context, metrics, capture, queue, retryMs } = this.props;
    this.busy.set(instance, (this.busy.get(instance) ?? 0) + 1);
    const waited = context.now().getTime() - Date.parse(request.receivedTime);
    try {
      const { dataCapture } = fleet;
      const outcome = await answerRequest({ context, metrics, capture, request, variant, instance, dataCapture });
      this.measureTimes(request, variant, waited);
      await this.end(request, variant, outcome);
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      // The program is being ended, and the instance with it.
      if (this.closing.signal.aborted) return;
      const attempt = (this.attempts.get(request.id) ?? 0) + (error.blame === 'instance' ? 1 : 0);
      this.attempts.set(request.id, attempt);
      if (attempt >= MOST_ATTEMPTS)
        return await this.end(request, variant, {
          status: 'Failed',
          reason: `ServerError: the instance ended ${attempt} times under the request, got ${error.message}; see ${instance.log}`,
        });
      await delay(retryMs, undefined, { signal: this.closing.signal, ref: false }).catch(() => undefined);
      queue.giveBack(request);
    } finally {
      const left = (this.busy.get(instance) ?? 1) - 1;
      if (left === 0) this.busy.delete(instance);
      else this.busy.set(instance, left);
    }
  }

  private expire(request: QueuedRequest): Promise<void> {
    const reason = `ClientError: the request waited longer than its RequestTTLSeconds, ${request.ttlSeconds}`;
    return this.end(request, undefined, { status: 'Expired', reason });
  }

  /** The answer is written; tells of it, and forgets the request. */
  private async end(request: QueuedRequest, variant: Variant | undefined, outcome: Outcome): Promise<void> {
    const { context, name, queue } = this.props;
    const count = (metric: string) =>
      this.props.metrics?.measure({
        endpointName: name,
        variantName: variant?.spec.name ?? this.anyVariant,
        name: metric,
        unit: 'Count',
        value: 1,
      });
    const told = notification(context, request, outcome);
    if (told && !(await this.publish(told.topic, JSON.stringify(told.message)))) count('NotificationFailures');
    if (outcome.status === 'Completed') count('InvocationsProcessed');
    else {
      count(outcome.status === 'Expired' ? 'ExpiredRequests' : 'InvocationFailures');
      context.log(`endpoint ${name}: ${request.inferenceId} has failed: ${outcome.reason ?? outcome.status}`);
    }
    this.attempts.delete(request.id);
    queue.remove(request);
  }

  /** A request that no instance took still counts for a variant. */
  private get anyVariant(): string | undefined {
    const [fleet] = this.props.traffic()?.current.keys() ?? [];
    return fleet?.spec.variants[0]?.name;
  }

  private measureTimes({ receivedTime }: QueuedRequest, { spec }: Variant, waitedMs: number): void {
    const { metrics, name, context } = this.props;
    const at = { endpointName: name, variantName: spec.name };
    const total = context.now().getTime() - Date.parse(receivedTime);
    metrics?.measure({ ...at, name: 'TimeInBacklog', unit: 'Microseconds', value: waitedMs * 1_000 });
    metrics?.measure({ ...at, name: 'TotalProcessingTime', unit: 'Milliseconds', value: total });
  }

  private async publish(topic: string, message: string): Promise<boolean> {
    const { context, name, retryMs } = this.props;
    for (let attempt = 1; context.topics; attempt += 1) {
      try {
        await context.topics.publish(topic, message);
        return true;
      } catch (error) {
        if (attempt >= NOTIFICATION_ATTEMPTS || this.closing.signal.aborted) {
          context.log(`endpoint ${name}: ${topic} can't be told, got ${(error as Error).message}`);
          return false;
        }
        await delay(retryMs, undefined, { ref: false });
      }
    }
    return true;
  }
}
