import type { AcceptedInvocation, AsyncInvocation } from '../api/async-invocation';
import type { Invocation, InvocationResult } from '../api/invocation';
import { AsyncInference } from '../async-inference/async-inference';
import type { Backlog } from '../async-inference/backlog-metrics';
import type { Context } from '../context';
import { STOP_GRACE_MS } from '../model-server/model-server';
import type { Call } from '../operation';
import type { RunningPart } from '../running-part';
import { setAsideUnreadable } from '../set-aside-unreadable';
import { DataCapture } from './data-capture';
import type { DeploymentHistory } from './deployment-history';
import { Endpoint } from './endpoint';
import { endpointOperations } from './endpoint-operations';
import { type EndpointRecord, endpoints as endpointRecords } from './endpoint-record';
import { stopOrphans } from './fleet-folders';
import { InvocationMetrics } from './invocation-metrics';
import { Invoker } from './invoker';
import { ShadowCopies } from './shadow-copies';
import { UtilizationMetrics } from './utilization-metrics';

/** An alarm's period on a clock that is sped up still has to see several of them. */
const SHORTEST_PUBLISH_SECONDS = 0.2;
/** A file a second and release: each is an event, and read again to compare predictions. */
const SHORTEST_CAPTURE_SECONDS = 1;
const PUBLISH_SECONDS = 5;
const SHORTEST_UTILIZATION_MS = 1_000;

export interface EndpointServiceOptions {
  /** Time that a model server has for an invocation. @default 60, as SageMaker's */
  readonly invocationTimeoutSeconds?: number;
  /** Between SIGTERM and SIGKILL. @default 30, as SageMaker's */
  readonly stopGraceSeconds?: number;
  /** Wait before the second restart in a row of a server that ends by itself; it doubles up to 60. @default 1 */
  readonly restartDelaySeconds?: number;
  /** Between two pings of a server in service; one that misses three of them is replaced. @default 10 */
  readonly healthCheckSeconds?: number;
  /** How often metrics and captured data are written. @default 5 divided by the speed; for metrics 0.2 at least, for captured data 1 */
  readonly publishIntervalSeconds?: number;
  /** Without a request for this long, a serverless variant goes down to nothing. @default 60 */
  readonly serverlessIdleSeconds?: number;
  /** How many times faster than the machine's the clock of deployments goes. @default 1 */
  readonly speed?: number;
  /** Between two looks for an instance that takes a request from the queue of an asynchronous endpoint. @default 0.5 */
  readonly asyncRetrySeconds?: number;
}

export interface EndpointService extends RunningPart {
  /** @throws ServiceError */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** @returns undefined if there is no such endpoint */
  deploymentsOf(endpointName: string): DeploymentHistory | undefined;
  /** @throws ServiceError */
  invokeAsync(invocation: AsyncInvocation): AcceptedInvocation;
  /** @returns undefined if there is no such asynchronous endpoint */
  backlogOf(endpointName: string): Backlog | undefined;
}

/**
 * Endpoints of our SageMaker: the control plane, and the data plane that runs their model servers and sends them the
 * requests.
 */
export function createEndpointService(
  context: Context,
  call: Call,
  {
    invocationTimeoutSeconds = 60,
    stopGraceSeconds = STOP_GRACE_MS / 1_000,
    restartDelaySeconds = 1,
    healthCheckSeconds = 10,
    serverlessIdleSeconds = 60,
    speed = 1,
    publishIntervalSeconds,
    asyncRetrySeconds = 0.5,
  }: EndpointServiceOptions = {},
): EndpointService {
  const records = endpointRecords(context.store);
  const endpoints = new Map<string, Endpoint>();
  const props = {
    context,
    call,
    records,
    histories: context.store.collection<DeploymentHistory>('endpoint-deployments'),
    timing: {
      speed,
      restartDelayMs: restartDelaySeconds * 1_000,
      healthCheckMs: healthCheckSeconds * 1_000,
      stopGraceMs: stopGraceSeconds * 1_000,
      // A request has two tries.
      drainMs: 2 * invocationTimeoutSeconds * 1_000 + 1_000,
      serverlessIdleMs: serverlessIdleSeconds * 1_000,
    },
  };
  const metricsSeconds = publishIntervalSeconds ?? Math.max(SHORTEST_PUBLISH_SECONDS, PUBLISH_SECONDS / speed);
  const metrics =
    context.metrics && new InvocationMetrics(context.metrics, context.now, context.log, metricsSeconds * 1_000);
  /** Endpoints that were asked since their utilisation was measured. */
  const asked = new Set<string>();
  const utilization =
    context.metrics &&
    new UtilizationMetrics({
      publisher: context.metrics,
      directory: context.store.root,
      intervalMs: Math.max(SHORTEST_UTILIZATION_MS, 60_000 / speed),
      now: context.now,
      log: context.log,
      endpoints: () => {
        const busy = new Set(asked);
        asked.clear();
        return [...endpoints.values()].map(({ current, traffic }) => ({
          endpointName: current.EndpointName,
          fleets: [...traffic.current.keys()],
          busy: busy.has(current.EndpointName) || current.pending !== undefined,
        }));
      },
    });
  const captureSeconds = publishIntervalSeconds ?? Math.max(SHORTEST_CAPTURE_SECONDS, PUBLISH_SECONDS / speed);
  const capture = new DataCapture(context, captureSeconds * 1_000);
  const timeoutMs = invocationTimeoutSeconds * 1_000;
  const shadow = new ShadowCopies({ timeoutMs, metrics, capture, log: context.log });
  const invoker = new Invoker({
    context,
    timeoutMs,
    metrics,
    capture,
    shadow,
    onAnswer: ({ endpointName, ...answer }) => {
      asked.add(endpointName);
      endpoints.get(endpointName)?.deployments.measured(answer);
    },
    trafficOf: async (name) => {
      const endpoint = endpoints.get(name);
      await endpoint?.ready;
      return endpoint && endpoint.traffic.current.size > 0 ? endpoint.traffic : undefined;
    },
  });

  const queues = new AsyncInference({
    context,
    endpoints,
    metrics,
    capture,
    measureMs: metricsSeconds * 1_000,
    retryMs: asyncRetrySeconds * 1_000,
  });

  function add(record: EndpointRecord): Endpoint {
    records.put(record.EndpointName, record);
    const endpoint = new Endpoint(props, record);
    endpoints.set(record.EndpointName, endpoint);
    void call('DescribeEndpointConfig', { EndpointConfigName: record.EndpointConfigName }).then(
      (config) => queues.announce(record.EndpointName, config),
      () => undefined,
    );
    return endpoint;
  }

  async function remove(endpoint: Endpoint): Promise<void> {
    const name = endpoint.current.EndpointName;
    try {
      await endpoint.delete();
      endpoints.delete(name);
      queues.forget(name);
    } catch (error) {
      context.log(`endpoint ${name}: can't be deleted, got ${(error as Error).message}`);
    }
  }

  let resuming: Promise<void> = Promise.resolve();

  return {
    operations: endpointOperations({ context, call, endpoints, add, remove: (endpoint) => void remove(endpoint) }),
    invoke: (invocation) => invoker.invoke(invocation),
    deploymentsOf: (name) => endpoints.get(name)?.deployments.history,
    invokeAsync: (invocation) => queues.invoke(invocation),
    backlogOf: (name) => queues.backlogOf(name),

    async resume() {
      setAsideUnreadable(context, [records, props.histories]);
      for (const record of records.list()) endpoints.set(record.EndpointName, new Endpoint(props, record));
      const known = [...endpoints.values()];
      resuming = stopOrphans(context.store);
      await resuming;
      for (const endpoint of known)
        if (endpoint.current.EndpointStatus === 'Deleting') void remove(endpoint);
        else endpoint.resume();
      queues.resume();
    },

    async close() {
      await resuming;
      queues.close();
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
      await queues.settled();
      invoker.close();
      await Promise.all([metrics?.close(), utilization?.close(), capture.close()]);
    },
  };
}
