import type { GuardPoint } from '../../guards/judge';
import type { CloudWatchApi, GuardAlarm, MetricQuery, MetricSeries } from './api';

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export interface GuardPointsProps {
  /** Undefined if there is no such alarm. */
  readonly alarm: GuardAlarm | undefined;
  /** The query that counts what a value rests on. @default - it rests on nothing that is counted */
  readonly samples?: { readonly query: string };
  readonly window: Window;
  readonly speed: number;
}

/** Of a plain alarm, whose only metric has no id. */
const PLAIN = 'value';
const DEFAULT_PERIOD_SECONDS = 60;

/**
 * The data points that the alarm looks at, a period after the other; null where CloudWatch has none.
 * @throws Error if CloudWatch didn't give all of them: what is held back must not pass for no data
 */
export async function guardPoints(
  cloudWatch: CloudWatchApi,
  { alarm, samples, window, speed }: GuardPointsProps,
): Promise<{ readonly points: readonly GuardPoint[]; readonly periodSeconds: number }> {
  const queries = alarm ? queriesOf(alarm) : [];
  const longest = Math.max(DEFAULT_PERIOD_SECONDS, ...queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  // CloudWatch knows no shorter ones.
  const periodSeconds = Math.max(1, Math.round(longest / speed));
  const value = queries.find(({ ReturnData = true }) => ReturnData)?.Id;
  if (value === undefined) return { points: [], periodSeconds };
  const starts = periodsOf(window, periodSeconds);
  const [first = 0, last = first] = [starts[0], starts.at(-1)];
  const found = await metricSeries(cloudWatch, {
    StartTime: new Date(first),
    EndTime: new Date(last + periodSeconds * 1000),
    ScanBy: 'TimestampAscending',
    MetricDataQueries: queries.map((query) => ({
      ...query,
      ReturnData: query.Id === value || query.Id === samples?.query,
      ...(query.MetricStat && { MetricStat: { ...query.MetricStat, Period: periodSeconds } }),
    })),
  });
  const values = found.get(value) ?? new Map<number, number>();
  const counts = samples && (found.get(samples.query) ?? new Map<number, number>());
  return {
    periodSeconds,
    points: starts.map((start) => ({
      value: values.get(start) ?? null,
      // No data point says that nothing was counted.
      ...(counts && { samples: counts.get(start) ?? 0 }),
    })),
  };
}

/**
 * The values of each query by their times, in as many pages as CloudWatch gives them. Until the last page a query may be
 * `PartialData`.
 * @throws Error if one isn't complete
 */
async function metricSeries(
  cloudWatch: CloudWatchApi,
  request: Parameters<CloudWatchApi['getMetricData']>[0],
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const found = new Map<string, Map<number, number>>();
  const last = new Map<string, MetricSeries>();
  let page: string | undefined;
  do {
    const { MetricDataResults = [], NextToken } = await cloudWatch.getMetricData({ ...request, NextToken: page });
    for (const series of MetricDataResults) {
      const { Id = '', Timestamps = [], Values = [] } = series;
      const values = found.get(Id) ?? new Map<number, number>();
      for (const [index, at] of Timestamps.entries()) values.set(at.getTime(), Values[index] ?? Number.NaN);
      found.set(Id, values);
      last.set(Id, series);
    }
    page = NextToken;
  } while (page !== undefined);
  for (const [id, { StatusCode = 'Complete', Messages = [] }] of last) {
    if (StatusCode === 'Complete') continue;
    const why = Messages.map(({ Value = '' }) => Value).join(', ');
    throw new Error(`CloudWatch gave the metric ${id} as ${StatusCode}${why === '' ? '' : `: ${why}`}`);
  }
  return found;
}

function queriesOf({ Metrics, ...alarm }: GuardAlarm): readonly MetricQuery[] {
  if (Metrics && Metrics.length > 0) return Metrics;
  const { Namespace, MetricName, Dimensions, Period = DEFAULT_PERIOD_SECONDS, Statistic, ExtendedStatistic } = alarm;
  const Stat = ExtendedStatistic ?? Statistic;
  if (MetricName === undefined || Stat === undefined) return [];
  return [{ Id: PLAIN, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } }];
}

/** Beginnings of the periods that lie in the window, aligned as CloudWatch aligns them. */
function periodsOf({ from, to }: Window, periodSeconds: number): number[] {
  const length = periodSeconds * 1000;
  const first = Math.floor(from.getTime() / length) * length;
  const count = Math.max(1, Math.ceil((to.getTime() - first) / length));
  return Array.from({ length: count }, (_, index) => first + index * length);
}
