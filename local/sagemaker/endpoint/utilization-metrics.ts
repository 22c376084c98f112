import type { MetricDatum, MetricPublisher } from '../metric-publisher';
import type { Fleet } from './fleet';
import { diskUsedPercent, type ProcessUsage, totalMemory, usageOf } from './process-usage';

export interface MeasuredEndpoint {
  readonly endpointName: string;
  /** Those that traffic goes to. */
  readonly fleets: readonly Pick<Fleet, 'spec' | 'processes'>[];
  /** Something is going on there: it was asked, or is being deployed to. */
  readonly busy: boolean;
}

export interface UtilizationMetricsProps {
  readonly publisher: MetricPublisher;
  readonly endpoints: () => readonly MeasuredEndpoint[];
  /** On the disk that counts. */
  readonly directory: string;
  /** SageMaker's minute. */
  readonly intervalMs: number;
  readonly now: () => Date;
  readonly log: (message: string) => void;
  /** @default from /proc */
  readonly usage?: typeof usageOf;
}

const NAMESPACE = '/aws/sagemaker/Endpoints';
/** An endpoint at which nothing happens is measured by the machine's minute, or CloudWatch would fill up with it. */
const IDLE_MS = 60_000;
const DIGITS = 100;

/**
 * What the instances of endpoints use: CPU summed over the cores, so up to 100 % a core, and memory and disk as shares of
 * the machine's. One process stands for an instance, so all share those two. Where there is no /proc, nothing is
 * published.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-jobs
 */
export class UtilizationMetrics {
  private before = new Map<number, { readonly at: number; readonly cpuSeconds: number }>();
  private published = new Map<string, number>();
  private running: Promise<void> = Promise.resolve();
  private unreachable = false;
  private readonly memory = totalMemory();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly props: UtilizationMetricsProps) {
    this.timer = setInterval(() => void this.sample(), props.intervalMs).unref();
  }

  /** Never rejects. */
  sample(): Promise<void> {
    this.running = this.running.then(() => this.publish());
    return this.running;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async publish(): Promise<void> {
    const { publisher, now, log } = this.props;
    try {
      const data = await this.measure(now());
      if (data.length > 0) await publisher.publish(NAMESPACE, data);
      this.unreachable = false;
    } catch (error) {
      if (!this.unreachable) log(`utilisation: can't be published, got ${(error as Error).message}`);
      this.unreachable = true;
    }
  }

  private async measure(timestamp: Date): Promise<MetricDatum[]> {
    const { endpoints, directory, usage = usageOf } = this.props;
    const at = timestamp.getTime();
    const due = endpoints().filter(
      ({ endpointName, busy }) => busy || at - (this.published.get(endpointName) ?? 0) >= IDLE_MS,
    );
    const variants = due.flatMap(({ endpointName, fleets }) => {
      this.published.set(endpointName, at);
      const names = new Set(fleets.flatMap(({ spec }) => spec.variants.map(({ name }) => name)));
      return [...names].map((variantName) => ({
        dimensions: { EndpointName: endpointName, VariantName: variantName },
        processes: fleets.flatMap((fleet) => fleet.processes(variantName)),
      }));
    });
    if (variants.every(({ processes }) => processes.length === 0)) return [];
    const used = await usage(new Set(variants.flatMap(({ processes }) => processes)));
    const disk = await diskUsedPercent(directory);
    const data = variants.flatMap(({ dimensions, processes }) => {
      const known = processes.flatMap((id) => used.get(id) ?? []);
      const series = {
        CPUUtilization: processes.flatMap((id) => this.cpuPercent(id, used.get(id), at) ?? []),
        MemoryUtilization: known.flatMap(({ residentBytes }) =>
          this.memory === undefined ? [] : (100 * residentBytes) / this.memory,
        ),
        DiskUtilization: disk === undefined ? [] : known.map(() => disk),
      };
      return Object.entries(series)
        .filter(([, values]) => values.length > 0)
        .map(
          ([name, values]): MetricDatum => ({ name, dimensions, unit: 'Percent', timestamp, values: counted(values) }),
        );
    });
    this.before = new Map([...used].map(([id, { cpuSeconds }]) => [id, { at, cpuSeconds }]));
    return data;
  }

  /** Since the last look; nothing at the first one. */
  private cpuPercent(id: number, usage: ProcessUsage | undefined, at: number): number | undefined {
    const before = this.before.get(id);
    if (!usage || !before || at <= before.at) return undefined;
    return (100 * Math.max(0, usage.cpuSeconds - before.cpuSeconds)) / ((at - before.at) / 1_000);
  }
}

function counted(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) {
    const rounded = Math.round(value * DIGITS) / DIGITS;
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  return counts;
}
