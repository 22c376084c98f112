import type { EndpointApi } from './endpoint-api';

const PERIOD_SECONDS = 60;
/** Metrics arrive late; the last minute that has any counts. */
const LOOK_BACK_SECONDS = 300;

/**
 * Error rate and latency of a variant in its newest minute that has requests, both fleets together, as CloudWatch has
 * them. @returns nothing if there were no requests
 */
export async function variantTraffic(
  { cloudWatch }: Pick<EndpointApi, 'cloudWatch'>,
  endpointName: string,
  variantName: string,
  now: Date,
): Promise<string[]> {
  const query = (id: string, MetricName: string, Stat: string) => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SageMaker',
        MetricName,
        Dimensions: [
          { Name: 'EndpointName', Value: endpointName },
          { Name: 'VariantName', Value: variantName },
        ],
      },
      Period: PERIOD_SECONDS,
      Stat,
    },
  });
  const { MetricDataResults = [] } = await cloudWatch.getMetricData({
    StartTime: new Date(now.getTime() - LOOK_BACK_SECONDS * 1000),
    EndTime: new Date(now.getTime() + PERIOD_SECONDS * 1000),
    MetricDataQueries: [
      query('requests', 'Invocations', 'Sum'),
      query('errors', 'Invocation5XXErrors', 'Sum'),
      query('latency', 'ModelLatency', 'p99'),
    ],
  });
  const minutes = (id: string): ReadonlyMap<number, number> => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === id) ?? {};
    return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
  };
  // Errors of another minute would be divided by requests that they were none of.
  const [newest] = [...minutes('requests')].filter(([, count]) => count > 0).sort(([a], [b]) => b - a);
  if (!newest) return [];
  const [minute, requests] = newest;
  const latency = minutes('latency').get(minute);
  return [
    `${((100 * (minutes('errors').get(minute) ?? 0)) / requests).toFixed(1)} % errors`,
    // In microseconds.
    ...(latency === undefined ? [] : [`p99 ${(latency / 1000).toFixed(0)} ms`]),
  ];
}
