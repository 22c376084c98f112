import type { MetricDatum, MetricPublisher } from '../metric-publisher';

/** The service's namespace of invocation metrics. */
const NAMESPACE = 'AWS/SageMaker';
/** Kept while CloudWatch can't be reached; the oldest go first. */
const MOST_PENDING = 2_000;

export interface MeasuredInvocation {
  readonly endpointName: string;
  readonly variantName: string;
  /** Of the model server; 0 if it didn't answer. */
  readonly statusCode: number;
  /** Instances of the variant that were in service. */
  readonly instances: number;
  readonly modelLatencyMicroseconds: number;
  readonly overheadLatencyMicroseconds: number;
}

const UNITS = {
  Invocations: 'None',
  InvocationsPerInstance: 'None',
  Invocation4XXErrors: 'None',
  Invocation5XXErrors: 'None',
  InvocationModelErrors: 'None',
  ModelLatency: 'Microseconds',
  OverheadLatency: 'Microseconds',
} as const satisfies Record<string, MetricDatum['unit']>;
type MetricName = keyof typeof UNITS;

/**
 * Collects what SageMaker measures of each invocation, under its names, dimensions and units.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class InvocationMetrics {
  private collected = new Map<
    string,
    { endpointName: string; variantName: string; values: Map<MetricName, Map<number, number>> }
  >();
  private pending: MetricDatum[] = [];
  private unreachable = false;
  private publishing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly publisher: MetricPublisher,
    private readonly now: () => Date,
    private readonly log: (message: string) => void,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => void this.flush(), intervalMs).unref();
  }

  record(invocation: MeasuredInvocation): void {
    const { endpointName, variantName, statusCode, instances } = invocation;
    const key = JSON.stringify([endpointName, variantName]);
    const collected = this.collected.get(key) ?? { endpointName, variantName, values: new Map() };
    this.collected.set(key, collected);
    const add = (name: MetricName, value: number) => {
      const values = collected.values.get(name) ?? new Map<number, number>();
      collected.values.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    };
    const is = (condition: boolean) => (condition ? 1 : 0);
    add('Invocations', 1);
    add('InvocationsPerInstance', 1 / Math.max(1, instances));
    // One value per request, so that the average is a rate. No answer at all counts as the server's fault.
    add('Invocation4XXErrors', is(statusCode >= 400 && statusCode < 500));
    add('Invocation5XXErrors', is(statusCode === 0 || statusCode >= 500));
    add('InvocationModelErrors', is(statusCode < 200 || statusCode >= 300));
    add('ModelLatency', Math.round(invocation.modelLatencyMicroseconds));
    add('OverheadLatency', Math.round(invocation.overheadLatencyMicroseconds));
  }

  /** Publishes what was collected. Never rejects: what can't be published now is tried again next time. */
  flush(): Promise<void> {
    const timestamp = this.now();
    for (const { endpointName, variantName, values } of this.collected.values())
      for (const [name, counts] of values)
        this.pending.push({
          name,
          dimensions: { EndpointName: endpointName, VariantName: variantName },
          unit: UNITS[name],
          timestamp,
          values: counts,
        });
    this.collected = new Map();
    this.publishing = this.publishing.then(() => this.publish());
    return this.publishing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async publish(): Promise<void> {
    const data = this.pending.splice(0);
    if (data.length === 0) return;
    try {
      await this.publisher.publish(NAMESPACE, data);
      this.unreachable = false;
    } catch (error) {
      this.pending.unshift(...data.slice(-MOST_PENDING));
      if (!this.unreachable) this.log(`metrics: can't be published, got ${(error as Error).message}; trying again`);
      this.unreachable = true;
    }
  }
}
