import { Agent } from 'node:http';
import type { Invocation, InvocationResult } from '../api/invocation';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import type { DataCapture } from './data-capture';
import type { MeasuredAnswer } from './deployment-log';
import type { FleetSpec } from './fleet-spec';
import { type Answer, ConnectionFailed, forward, TimedOut } from './forward';
import type { Instance } from './instance';
import type { InvocationMetrics } from './invocation-metrics';
import { modelError, TIMED_OUT } from './model-error';
import { CUSTOM_ATTRIBUTES, one, requestHeaders } from './model-headers';
import { type Lease, ServerlessVariant } from './serverless-variant';
import type { ShadowCopies } from './shadow-copies';
import type { Traffic } from './traffic';
import type { Variant } from './variant';

export interface InvokerProps {
  readonly context: Context;
  /** The traffic of an endpoint once it is settled; undefined if there is no such endpoint or it doesn't serve yet. */
  readonly trafficOf: (endpointName: string) => Promise<Traffic | undefined>;
  readonly timeoutMs: number;
  readonly metrics?: InvocationMetrics;
  readonly capture: DataCapture;
  readonly shadow: ShadowCopies;
  /** Hears how each request ended. @default nobody */
  readonly onAnswer?: (answer: MeasuredAnswer & { readonly endpointName: string }) => void;
}

/** What one try at a model server came to. */
interface Attempt {
  readonly spec: FleetSpec;
  readonly variant: Variant;
  readonly instance: Instance;
  /** Of a serverless variant. */
  readonly lease?: Lease;
  readonly milliseconds: number;
  readonly outcome: Answer | ConnectionFailed | TimedOut;
}

/** Answers InvokeEndpoint: chooses fleet, variant and instance, passes the request on, and measures. */
export class Invoker {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly props: InvokerProps) {}

  /** @throws ServiceError */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const began = performance.now();
    const { endpointName } = invocation;
    const traffic = await this.props.trafficOf(endpointName);
    if (!traffic)
      throw new ServiceError(
        'ValidationError',
        `Endpoint ${endpointName} of account ${this.props.context.account} not found.`,
      );
    const first = await this.attempt(traffic, invocation);
    // An instance that ends takes its requests with it; they are worth another try elsewhere.
    const last = first.outcome instanceof ConnectionFailed ? await this.attempt(traffic, invocation, first) : first;
    this.measure(invocation, last, performance.now() - began);
    return this.result(invocation, last);
  }

  close(): void {
    this.agent.destroy();
  }

  private async attempt(traffic: Traffic, invocation: Invocation, failed?: Attempt): Promise<Attempt> {
    const { endpointName, targetVariant, body } = invocation;
    const fleet = traffic.next();
    // The variant that failed may be gone with an update meanwhile.
    const variant = fleet?.variant(targetVariant ?? failed?.variant.spec.name) ?? fleet?.variant(targetVariant);
    if (fleet && !variant)
      throw new ServiceError(
        'ValidationError',
        targetVariant === undefined
          ? `Endpoint ${endpointName} has no variant with a weight above 0; name one by TargetVariant`
          : `Variant ${targetVariant} not found for Endpoint ${endpointName}.`,
      );
    if (fleet?.spec.asyncInference !== undefined)
      throw new ServiceError('ValidationError', `Endpoint ${endpointName} is asynchronous; use InvokeEndpointAsync`);
    if (variant?.spec.hosts !== undefined)
      throw new ServiceError(
        'ValidationError',
        `Endpoint ${endpointName} serves by inference components; name one by InferenceComponentName`,
      );
    if (fleet && !failed) this.props.shadow.offer(fleet, invocation);
    const lease = variant instanceof ServerlessVariant ? await variant.acquire() : undefined;
    const instance = lease ? lease.instance : variant?.next(failed?.instance);
    if (!fleet || !variant || !instance?.url) {
      lease?.release();
      if (failed) return failed;
      const logs = variant?.all.map(({ log }) => log).join(', ') ?? '';
      throw new ServiceError(
        'ServiceUnavailable',
        `Endpoint ${endpointName}: no instance is in service just now, one is being started; try again, or see ${logs}`,
        503,
      );
    }
    const url = `${instance.url}/invocations`;
    const began = performance.now();
    // From the choice to here nothing waits, so that an instance that is being drained is not chosen any more.
    const outcome = await instance
      .use(() =>
        forward({
          url,
          headers: requestHeaders(invocation),
          body,
          // A connection that was kept may have been closed at the other end meanwhile: the second try opens a new one.
          agent: failed ? false : this.agent,
          timeoutMs: this.props.timeoutMs,
        }).catch((error: unknown) => {
          if (error instanceof ConnectionFailed || error instanceof TimedOut) return error;
          throw error;
        }),
      )
      .catch((error: unknown) => {
        lease?.release();
        throw error;
      });
    lease?.release(outcome instanceof ConnectionFailed && outcome.message === 'ECONNREFUSED');
    return { spec: fleet.spec, variant, instance, lease, outcome, milliseconds: performance.now() - began };
  }

  private measure({ endpointName }: Invocation, attempt: Attempt, total: number): void {
    const { outcome, spec, variant, lease, milliseconds } = attempt;
    const statusCode = outcome instanceof Error ? 0 : outcome.statusCode;
    this.props.onAnswer?.({ endpointName, fleet: spec.id, statusCode, milliseconds });
    this.props.metrics?.record({
      mode: lease ? 'serverless' : 'real-time',
      modelSetupMicroseconds: lease?.setupMs === undefined ? undefined : lease.setupMs * 1_000,
      concurrencyUtilization: lease?.utilization,
      endpointName,
      variantName: variant.spec.name,
      endpointConfigName: spec.endpointConfigName,
      statusCode,
      instances: variant.inService.length,
      modelLatencyMicroseconds: milliseconds * 1_000,
      overheadLatencyMicroseconds: Math.max(0, total - milliseconds) * 1_000,
    });
  }

  private result(invocation: Invocation, { outcome, spec, variant, instance }: Attempt): InvocationResult {
    const { context, capture } = this.props;
    const { endpointName } = invocation;
    const fail = (statusCode: number, message: string) =>
      modelError({
        context,
        endpointName,
        variantName: variant.spec.name,
        instance: instance.name,
        log: instance.log,
        statusCode,
        message,
      });
    if (outcome instanceof TimedOut) throw fail(0, TIMED_OUT);
    if (outcome instanceof ConnectionFailed)
      throw fail(0, `The connection to the container failed: ${outcome.message}`);
    const { statusCode, headers, body } = outcome;
    if (statusCode < 200 || statusCode >= 300) throw fail(statusCode, body.toString('utf8'));
    const result: InvocationResult = {
      statusCode: 200,
      body,
      contentType: headers['content-type'],
      invokedVariant: variant.spec.name,
      customAttributes: one(headers, CUSTOM_ATTRIBUTES),
    };
    capture.record({ config: spec.dataCapture, invocation, result });
    return result;
  }
}
