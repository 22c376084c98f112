import type { MetricDatum, MetricPublisher } from '../metric-publisher';

/** The service's namespace of invocation metrics. */
const NAMESPACE = 'AWS/SageMaker';
/** Kept while CloudWatch can't be reached; the oldest go first. */
const MOST_PENDING = 2_000;

export interface MeasuredInvocation {
  readonly endpointName: string;
  readonly variantName: string;
  /** Measures the invocation once more for the fleet of that configuration alone. @default not */
  readonly endpointConfigName?: string;
  /** Each mode has its own metrics. @default 'real-time' */
  readonly mode?: keyof typeof PUBLISHED;
  /** Of the model server; 0 if it didn't answer. */
  readonly statusCode: number;
  /** Instances of the variant that were in service. */
  readonly instances: number;
  readonly modelLatencyMicroseconds: number;
  readonly overheadLatencyMicroseconds: number;
  /** How long a serverless variant took to start. @default it was warm */
  readonly modelSetupMicroseconds?: number;
  /** Requests under way relative to the most that a serverless variant takes. @default it isn't measured */
  readonly concurrencyUtilization?: number;
}

/** One figure that isn't about an invocation. */
export interface Measurement {
  readonly endpointName: string;
  /** @default the figure is the endpoint's */
  readonly variantName?: string;
  /** @default the figure is of whatever configuration */
  readonly endpointConfigName?: string;
  readonly name: string;
  readonly unit: MetricDatum['unit'];
  readonly value: number;
}

const UNITS = {
  Invocations: 'None',
  InvocationsPerInstance: 'None',
  Invocation4XXErrors: 'None',
  Invocation5XXErrors: 'None',
  InvocationModelErrors: 'None',
  ModelLatency: 'Microseconds',
  OverheadLatency: 'Microseconds',
  ModelSetupTime: 'Microseconds',
  ServerlessConcurrentExecutionsUtilization: 'None',
} as const satisfies Record<string, MetricDatum['unit']>;
type MetricName = keyof typeof UNITS;

const COMMON = [
  'Invocation4XXErrors',
  'Invocation5XXErrors',
  'InvocationModelErrors',
  'ModelLatency',
  'OverheadLatency',
] as const satisfies readonly MetricName[];

/**
 * What an invocation leaves in CloudWatch, by the mode of its endpoint; the service's lists are exhaustive.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
const PUBLISHED = {
  'real-time': ['Invocations', 'InvocationsPerInstance', ...COMMON],
  serverless: ['Invocations', ...COMMON, 'ModelSetupTime', 'ServerlessConcurrentExecutionsUtilization'],
  async: ['Invocation4XXErrors', 'Invocation5XXErrors', 'ModelLatency'],
} as const satisfies Record<string, readonly MetricName[]>;

/**
 * Collects what SageMaker measures of each invocation, under its names, dimensions and units.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class InvocationMetrics {
  private collected = new Map<
    string,
    { dimensions: Record<string, string>; unit: MetricDatum['unit']; name: string; values: Map<number, number> }
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
    const { endpointName, variantName, endpointConfigName, statusCode, instances, mode = 'real-time' } = invocation;
    const { modelSetupMicroseconds, concurrencyUtilization } = invocation;
    const is = (condition: boolean) => (condition ? 1 : 0);
    const values: Partial<Record<MetricName, number>> = {
      Invocations: 1,
      InvocationsPerInstance: 1 / Math.max(1, instances),
      // One value per request, so that the average is a rate. No answer at all counts as the server's fault.
      Invocation4XXErrors: is(statusCode >= 400 && statusCode < 500),
      Invocation5XXErrors: is(statusCode === 0 || statusCode >= 500),
      InvocationModelErrors: is(statusCode < 200 || statusCode >= 300),
      ModelLatency: Math.round(invocation.modelLatencyMicroseconds),
      OverheadLatency: Math.round(invocation.overheadLatencyMicroseconds),
      ...(modelSetupMicroseconds !== undefined && { ModelSetupTime: Math.round(modelSetupMicroseconds) }),
      ...(concurrencyUtilization !== undefined && {
        ServerlessConcurrentExecutionsUtilization: concurrencyUtilization,
      }),
    };
    for (const name of PUBLISHED[mode]) {
      const value = values[name];
      if (value === undefined) continue;
      const measurement = { endpointName, variantName, name, unit: UNITS[name], value };
      this.measure(measurement);
      // As an alarm that watches the new fleet alone needs them.
      // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
      if (endpointConfigName !== undefined) this.measure({ ...measurement, endpointConfigName });
    }
  }

  measure({ endpointName, variantName, endpointConfigName, name, unit, value }: Measurement): void {
    const dimensions = {
      EndpointName: endpointName,
      ...(variantName !== undefined && { VariantName: variantName }),
      ...(endpointConfigName !== undefined && { EndpointConfigName: endpointConfigName }),
    };
    const key = JSON.stringify([dimensions, name]);
    const collected = this.collected.get(key) ?? { dimensions, name, unit, values: new Map<number, number>() };
    this.collected.set(key, collected);
    collected.values.set(value, (collected.values.get(value) ?? 0) + 1);
  }

  /** Publishes what was collected. Never rejects: what can't be published now is tried again next time. */
  flush(): Promise<void> {
    const timestamp = this.now();
    for (const collected of this.collected.values()) this.pending.push({ ...collected, timestamp });
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
