import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricDatum, MetricPublisher } from '../metric-publisher';

/** Limits of PutMetricData. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MOST_VALUES = 150;
const MOST_DATA = 1_000;

/** Publishes to CloudWatch, with every single value, so that alarms may look at percentiles. */
export class CloudWatchMetrics implements MetricPublisher {
  constructor(private readonly client: CloudWatchClient) {}

  async publish(namespace: string, data: readonly MetricDatum[]): Promise<void> {
    const wire = data.flatMap(({ name, dimensions, unit, timestamp, values }) =>
      chunks([...values], MOST_VALUES).map((part) => ({
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        Unit: unit,
        Timestamp: timestamp,
        Values: part.map(([value]) => value),
        Counts: part.map(([, count]) => count),
      })),
    );
    for (const MetricData of chunks(wire, MOST_DATA))
      await this.client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
