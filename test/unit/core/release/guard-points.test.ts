import type { GuardAlarm, MetricSeries } from '../../../../core/release/aws/api';
import { guardPoints } from '../../../../core/release/aws/guard-points';

const ALARM: GuardAlarm = { Namespace: 'AWS/SageMaker', MetricName: 'ModelLatency', Statistic: 'Average', Period: 60 };
const START = Date.parse('2026-03-01T12:00:00Z');
const WINDOW = { from: new Date(START), to: new Date(START + 180_000) };

function series(minute: number, StatusCode: string): MetricSeries {
  return { Id: 'value', Timestamps: [new Date(START + minute * 60_000)], Values: [minute], StatusCode };
}

/** What is found of metrics that come in pages. */
async function found(...pages: readonly MetricSeries[]) {
  const asked: (string | undefined)[] = [];
  const notAsked = () => Promise.reject(new Error('not expected'));
  const getMetricData = async ({ NextToken }: { NextToken?: string }) => {
    asked.push(NextToken);
    const index = Number(NextToken ?? 0);
    return {
      MetricDataResults: pages.slice(index, index + 1),
      NextToken: index + 1 < pages.length ? String(index + 1) : undefined,
    };
  };
  const cloudWatch = { getMetricData, describeAlarms: notAsked, describeAlarmHistory: notAsked };
  const { points } = await guardPoints(cloudWatch, { alarm: ALARM, window: WINDOW, speed: 1 });
  return { asked, values: points.map(({ value }) => value) };
}

test('data points are read to the last page, which says whether they are complete', async () => {
  expect(await found(series(0, 'PartialData'), series(1, 'PartialData'), series(2, 'Complete'))).toEqual({
    asked: [undefined, '1', '2'],
    values: [0, 1, 2],
  });
});

test('data points of which the last page is not complete are refused', async () => {
  await expect(found(series(0, 'Complete'), series(1, 'PartialData'))).rejects.toThrow(
    'CloudWatch gave the metric value as PartialData',
  );
});

test('one page is enough where there are no more', async () => {
  expect(await found(series(1, 'Complete'))).toEqual({ asked: [undefined], values: [null, 1, null] });
});
