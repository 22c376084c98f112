import type { Invocation } from '../api/invocation';
import type { DataCapture } from './data-capture';
import type { Fleet } from './fleet';
import { type Answer, ConnectionFailed, forward, TimedOut } from './forward';
import type { Instance } from './instance';
import type { InvocationMetrics } from './invocation-metrics';
import { one, requestHeaders } from './model-headers';
import type { Variant } from './variant';
import { WeightedTurns } from './weighted-turns';

export interface ShadowCopiesProps {
  readonly timeoutMs: number;
  readonly metrics?: InvocationMetrics;
  readonly capture: DataCapture;
  readonly log: (message: string) => void;
  /** Copies under way at the same time; more are dropped. @default 32 */
  readonly mostInFlight?: number;
}

type Sampled = 'copied' | 'passed over';

/**
 * Sends copies of requests to the shadow variant of a fleet. Nobody waits for them: the answer goes to the capture,
 * an error to the shadow's own metrics, and a copy that a slow shadow has no room for is dropped and counted.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 */
export class ShadowCopies {
  private readonly turns = new WeakMap<Fleet, WeightedTurns<Sampled>>();
  private inFlight = 0;
  private lost = 0;

  constructor(private readonly props: ShadowCopiesProps) {}

  /** Copies that were dropped since the program began. */
  get dropped(): number {
    return this.lost;
  }

  /** Copies the request if it is sampled. Returns at once and never throws. */
  offer(fleet: Fleet, invocation: Invocation): void {
    const { shadow } = fleet;
    if (!shadow || !this.sampled(fleet, shadow)) return;
    if (this.inFlight >= (this.props.mostInFlight ?? 32)) return this.drop(invocation, shadow);
    this.inFlight += 1;
    // The request itself is written first.
    setImmediate(() => {
      this.send(fleet, shadow, invocation)
        .catch((error: unknown) => this.props.log(`shadow ${shadow.spec.name}: ${(error as Error).message}`))
        .finally(() => {
          this.inFlight -= 1;
        });
    });
  }

  /** The weight of the shadow relative to that of the production variant is the share that is copied, at most all. */
  private sampled(fleet: Fleet, shadow: Variant): boolean {
    const [production] = fleet.spec.variants;
    const copied = shadow.spec.weight;
    const turns = this.turns.get(fleet) ?? new WeightedTurns<Sampled>();
    this.turns.set(fleet, turns);
    return (
      turns.next(
        new Map([
          ['copied', copied],
          ['passed over', Math.max(0, (production?.weight ?? copied) - copied)],
        ]),
      ) === 'copied'
    );
  }

  private drop({ endpointName }: Invocation, shadow: Variant): void {
    this.lost += 1;
    // Each power of two, so that a shadow that hangs doesn't fill the log.
    if (Number.isInteger(Math.log2(this.lost)))
      this.props.log(
        `endpoint ${endpointName}: shadow ${shadow.spec.name} is too slow, ${this.lost} copies were dropped so far`,
      );
  }

  private async send(fleet: Fleet, shadow: Variant, invocation: Invocation): Promise<void> {
    const { timeoutMs, capture } = this.props;
    const instance = shadow.next();
    const url = instance?.url;
    const began = performance.now();
    const outcome =
      instance && url !== undefined
        ? await instance.use(() =>
            forward({
              url: `${url}/invocations`,
              headers: requestHeaders(invocation),
              body: invocation.body,
              // A kept connection may have been closed meanwhile, which would look like an error of the shadow.
              agent: false,
              timeoutMs,
            }).catch(expected),
          )
        : new ConnectionFailed('no instance of the shadow is in service');
    this.measure(invocation, shadow, instance, outcome, performance.now() - began);
    if (outcome instanceof Error || outcome.statusCode < 200 || outcome.statusCode >= 300) return;
    capture.record({
      config: fleet.spec.dataCapture,
      invocation,
      result: {
        statusCode: 200,
        body: outcome.body,
        contentType: one(outcome.headers, 'content-type'),
        invokedVariant: shadow.spec.name,
      },
    });
  }

  private measure(
    { endpointName }: Invocation,
    shadow: Variant,
    instance: Instance | undefined,
    outcome: Answer | Error,
    milliseconds: number,
  ): void {
    this.props.metrics?.record({
      endpointName,
      variantName: shadow.spec.name,
      statusCode: outcome instanceof Error ? 0 : outcome.statusCode,
      instances: shadow.inService.length,
      modelLatencyMicroseconds: instance ? milliseconds * 1_000 : 0,
      overheadLatencyMicroseconds: 0,
    });
  }
}

function expected(error: unknown): Error {
  if (error instanceof ConnectionFailed || error instanceof TimedOut) return error;
  throw error;
}
