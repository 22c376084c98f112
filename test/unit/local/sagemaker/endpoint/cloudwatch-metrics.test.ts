import type { CloudWatchClient, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { CloudWatchMetrics } from '../../../../../local/sagemaker/endpoint/cloudwatch-metrics';

test('CloudWatch gets every distinct value with its count, at most 150 in a datum and 1000 data in a call', async () => {
  const sent: PutMetricDataCommandInput[] = [];
  const client = { send: async ({ input }: { input: PutMetricDataCommandInput }) => void sent.push(input) };
  const timestamp = new Date();
  const values = new Map(Array.from({ length: 151 * 1_000 }, (_, index) => [index, 2]));
  await new CloudWatchMetrics(client as unknown as CloudWatchClient).publish('AWS/SageMaker', [
    {
      name: 'ModelLatency',
      dimensions: { EndpointName: 'e', VariantName: 'v' },
      unit: 'Microseconds',
      timestamp,
      values,
    },
  ]);
  expect(sent.map(({ Namespace, MetricData }) => [Namespace, MetricData?.length])).toEqual([
    ['AWS/SageMaker', 1_000],
    ['AWS/SageMaker', 7],
  ]);
  expect(sent[0]?.MetricData?.[0]).toMatchObject({
    MetricName: 'ModelLatency',
    Unit: 'Microseconds',
    Timestamp: timestamp,
    Dimensions: [
      { Name: 'EndpointName', Value: 'e' },
      { Name: 'VariantName', Value: 'v' },
    ],
  });
  const all = sent
    .flatMap(({ MetricData = [] }) => MetricData)
    .flatMap(({ Values = [], Counts = [] }) => Values.map((value, index) => [value, Counts[index]]));
  expect(all).toEqual([...values]);
  expect(Math.max(...sent.flatMap(({ MetricData = [] }) => MetricData.map(({ Values = [] }) => Values.length)))).toBe(
    150,
  );
});
