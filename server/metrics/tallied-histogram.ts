import type { Histogram, Registry } from 'prom-client';

export interface TalliedHistogramProps {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
  readonly registry: Registry;
}

/** One series of a histogram. */
export interface Tally {
  observe(value: number): void;
}

/**
 * A histogram of which each series is looked up once, when the server starts: prom-client's own makes a key of the labels
 * for each observation, and a request has six.
 */
export class TalliedHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  private readonly series: Series[] = [];

  constructor(private readonly props: TalliedHistogramProps) {
    this.name = props.name;
    this.help = props.help;
    // Of a metric the registry asks for its name and get only, as prom-client's own AggregatorRegistry makes them.
    props.registry.registerMetric(this as unknown as Histogram);
  }

  /** The series of these labels, which reads as 0 from now on. */
  tally(labels: Readonly<Record<string, string>>): Tally {
    const series = new Series(this.props.bounds, labels);
    this.series.push(series);
    return series;
  }

  /** What prom-client reads. */
  async get() {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: this.series.flatMap((series) => series.values(name)) };
  }
}

class Series implements Tally {
  private readonly counts: Float64Array;
  private sum = 0;

  constructor(
    private readonly bounds: readonly number[],
    private readonly labels: Readonly<Record<string, string>>,
  ) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let place = 0;
    while (place < bounds.length && value > (bounds[place] as number)) place += 1;
    counts[place] = (counts[place] as number) + 1;
    this.sum += value;
  }

  values(name: string) {
    const { labels } = this;
    let count = 0;
    const buckets = Array.from(this.counts, (found, place) => {
      count += found;
      return { metricName: `${name}_bucket`, labels: { le: this.bounds[place] ?? '+Inf', ...labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}
