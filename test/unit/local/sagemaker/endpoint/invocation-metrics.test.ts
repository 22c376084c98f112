import { InvocationMetrics, type MeasuredInvocation } from '../../../../../local/sagemaker/endpoint/invocation-metrics';
import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { FakeService, NAME } from './fake-service';

const NOW = new Date('2026-01-02T03:04:05Z');

function collect(log: (message: string) => void = () => undefined) {
  const published: MetricDatum[] = [];
  const publisher = {
    fails: false,
    async publish(namespace: string, data: readonly MetricDatum[]) {
      if (this.fails) throw new Error('ECONNREFUSED');
      expect(namespace).toBe('AWS/SageMaker');
      published.push(...data);
    },
  };
  const metrics = new InvocationMetrics(publisher, () => NOW, log, 3_600_000);
  const record = (changes: Partial<MeasuredInvocation> = {}) =>
    metrics.record({
      endpointName: 'e',
      variantName: 'v',
      statusCode: 200,
      instances: 2,
      modelLatencyMicroseconds: 1_500.4,
      overheadLatencyMicroseconds: 300,
      ...changes,
    });
  const values = (name: string) =>
    Object.fromEntries(published.filter((datum) => datum.name === name).flatMap((datum) => [...datum.values]));
  return { metrics, record, published, values, publisher };
}

describe('metrics of invocations', () => {
  test('have the names, dimensions and units of SageMaker', async () => {
    const { metrics, record, published } = collect();
    record();
    await metrics.close();
    expect(published.map(({ name, unit }) => [name, unit])).toEqual([
      ['Invocations', 'None'],
      ['InvocationsPerInstance', 'None'],
      ['Invocation4XXErrors', 'None'],
      ['Invocation5XXErrors', 'None'],
      ['InvocationModelErrors', 'None'],
      ['ModelLatency', 'Microseconds'],
      ['OverheadLatency', 'Microseconds'],
    ]);
    for (const { dimensions, timestamp } of published) {
      expect(dimensions).toEqual({ EndpointName: 'e', VariantName: 'v' });
      expect(timestamp).toBe(NOW);
    }
  });

  test('are there once more for the fleet of a configuration, so that an alarm can watch the new one alone', async () => {
    const { metrics, record, published } = collect();
    record({ endpointConfigName: 'one' });
    record({ endpointConfigName: 'two' });
    await metrics.close();
    const invocations = published.filter(({ name }) => name === 'Invocations');
    expect(invocations.map(({ dimensions, values }) => [dimensions.EndpointConfigName, values.get(1)])).toEqual([
      [undefined, 2],
      ['one', 1],
      ['two', 1],
    ]);
  });

  test('count errors as 1 and everything else as 0, so that the average is a rate', async () => {
    const { metrics, record, values } = collect();
    for (const statusCode of [200, 200, 400, 499, 500, 0]) record({ statusCode });
    await metrics.close();
    expect(values('Invocations')).toEqual({ 1: 6 });
    expect(values('InvocationsPerInstance')).toEqual({ 0.5: 6 });
    expect(values('Invocation4XXErrors')).toEqual({ 0: 4, 1: 2 });
    expect(values('Invocation5XXErrors')).toEqual({ 0: 4, 1: 2 });
    expect(values('InvocationModelErrors')).toEqual({ 0: 2, 1: 4 });
    expect(values('ModelLatency')).toEqual({ 1500: 6 });
  });

  test('are published once', async () => {
    const { metrics, record, published } = collect();
    record();
    await metrics.flush();
    const count = published.length;
    await metrics.close();
    expect(published).toHaveLength(count);
  });

  test('are kept while CloudWatch is away, and the log says so once', async () => {
    const messages: string[] = [];
    const { metrics, record, values, publisher } = collect((message) => messages.push(message));
    publisher.fails = true;
    record();
    await metrics.flush();
    record();
    await metrics.flush();
    expect(messages).toEqual(["metrics: can't be published, got ECONNREFUSED; trying again"]);
    publisher.fails = false;
    await metrics.close();
    expect(values('Invocations')).toEqual({ 1: 1 });
    expect(publisher).toBeDefined();
  });
});

test('an endpoint measures what it is asked, also when the model fails', async () => {
  const data: MetricDatum[] = [];
  const fake = new FakeService(
    { invocationTimeoutSeconds: 2 },
    { metrics: { publish: async (_, given) => void data.push(...given) } },
  );
  try {
    await fake.create();
    await fake.invoke({ sleep: 0.1 });
    await fake.invoke({ status: 400 }).catch(() => undefined);
    await fake.invoke({ sleep: 60 }).catch(() => undefined);
    await fake.invoke({}, { endpointName: 'unknown' }).catch(() => undefined);
  } finally {
    await fake.end();
  }
  const found = new Map(data.map(({ name, values }) => [name, [...values]]));
  expect(found.get('Invocations')).toEqual([[1, 3]]);
  expect(new Map(found.get('Invocation4XXErrors'))).toEqual(
    new Map([
      [0, 2],
      [1, 1],
    ]),
  );
  expect(new Map(found.get('Invocation5XXErrors'))).toEqual(
    new Map([
      [0, 2],
      [1, 1],
    ]),
  );
  const [slow = 0, , timedOut = 0] = found.get('ModelLatency')?.map(([microseconds]) => microseconds) ?? [];
  expect(slow).toBeGreaterThan(100_000);
  expect(timedOut).toBeGreaterThanOrEqual(1_900_000);
  expect(
    data.every(({ dimensions }) => dimensions.EndpointName === NAME && dimensions.VariantName === 'AllTraffic'),
  ).toBe(true);
});
