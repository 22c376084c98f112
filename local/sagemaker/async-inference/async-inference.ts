import { join } from 'node:path';
import type { AsyncInferenceConfig } from '@aws-sdk/client-sagemaker';
import type { JsonObject } from '../../../core/json';
import type { AcceptedInvocation, AsyncInvocation } from '../api/async-invocation';
import type { Context } from '../context';
import type { DataCapture } from '../endpoint/data-capture';
import type { Endpoint } from '../endpoint/endpoint';
import type { InvocationMetrics } from '../endpoint/invocation-metrics';
import { ServiceError } from '../service-error';
import { AsyncEndpoint } from './async-endpoint';
import type { Backlog } from './backlog-metrics';
import { TEST_NOTIFICATION } from './notification';
import { queuedRequest } from './queued-request';
import { RequestQueue } from './request-queue';

export interface AsyncInferenceProps {
  readonly context: Context;
  readonly endpoints: ReadonlyMap<string, Pick<Endpoint, 'traffic' | 'current'>>;
  readonly metrics?: InvocationMetrics;
  readonly capture: DataCapture;
  /** How often the backlogs are measured. */
  readonly measureMs: number;
  /** See {@link AsyncEndpoint}. */
  readonly retryMs: number;
}

/**
 * Asynchronous endpoints: takes requests into queues on disk, and has them answered one after the other.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export class AsyncInference {
  private readonly queues = new Map<string, { readonly queue: RequestQueue; readonly endpoint: AsyncEndpoint }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly props: AsyncInferenceProps) {
    this.timer = setInterval(() => this.measure(), props.measureMs).unref();
  }

  /** Takes up the queues that an earlier program left. */
  resume(): void {
    for (const name of this.props.endpoints.keys()) this.of(name).endpoint.pump();
  }

  /** @throws ServiceError ValidationError */
  invoke(invocation: AsyncInvocation): AcceptedInvocation {
    const { context, endpoints } = this.props;
    const { endpointName } = invocation;
    const endpoint = endpoints.get(endpointName);
    if (!endpoint || endpoint.traffic.current.size === 0)
      throw new ServiceError('ValidationError', `Endpoint ${endpointName} of account ${context.account} not found.`);
    const config = endpoint.current.live?.asyncInference;
    if (config === undefined)
      throw new ServiceError(
        'ValidationError',
        `Endpoint ${endpointName} is not asynchronous: its configuration has no AsyncInferenceConfig; use InvokeEndpoint`,
      );
    const request = queuedRequest(invocation, config, context.now());
    const { queue, endpoint: dispatcher } = this.of(endpointName);
    queue.add(request);
    dispatcher.pump();
    const { inferenceId, outputLocation, failureLocation } = request;
    return { inferenceId, outputLocation, failureLocation };
  }

  /** @returns undefined if there is no such asynchronous endpoint */
  backlogOf(name: string): Backlog | undefined {
    const config = this.props.endpoints.get(name)?.current.live?.asyncInference;
    return config === undefined ? undefined : this.of(name).endpoint.backlog;
  }

  /** Tells the topics of a new endpoint that they will be used. Never rejects. */
  async announce(name: string, config: JsonObject): Promise<void> {
    const { context } = this.props;
    const { OutputConfig } = (config.AsyncInferenceConfig ?? {}) as Partial<AsyncInferenceConfig>;
    const { SuccessTopic, ErrorTopic } = OutputConfig?.NotificationConfig ?? {};
    for (const topic of new Set([SuccessTopic, ErrorTopic]))
      if (topic !== undefined)
        await context.topics
          ?.publish(topic, JSON.stringify(TEST_NOTIFICATION))
          .catch((error: unknown) =>
            context.log(`endpoint ${name}: ${topic} can't be told, got ${(error as Error).message}`),
          );
  }

  /** Drops what waits for an endpoint that is gone. */
  forget(name: string): void {
    const { queue, endpoint } = this.of(name);
    endpoint.close();
    queue.clear();
    this.queues.delete(name);
  }

  /** Begins nothing any more; end the instances then, and wait for {@link settled}. */
  close(): void {
    clearInterval(this.timer);
    for (const { endpoint } of this.queues.values()) endpoint.close();
  }

  async settled(): Promise<void> {
    await Promise.all([...this.queues.values()].map(({ endpoint }) => endpoint.settled()));
  }

  private measure(): void {
    for (const [name, { current }] of this.props.endpoints)
      if (current.live?.asyncInference !== undefined) this.of(name).endpoint.measureBacklog();
  }

  private of(name: string) {
    const { context, endpoints, metrics, capture, retryMs } = this.props;
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new RequestQueue(join(context.store.root, 'async-requests', encodeURIComponent(name)), context.log);
    const traffic = () => endpoints.get(name)?.traffic;
    const made = {
      queue,
      endpoint: new AsyncEndpoint({ context, name, queue, traffic, metrics, capture, retryMs }),
    };
    this.queues.set(name, made);
    return made;
  }
}
