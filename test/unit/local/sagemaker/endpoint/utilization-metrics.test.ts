import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { ProcessUsage } from '../../../../../local/sagemaker/endpoint/process-usage';
import { usageOf } from '../../../../../local/sagemaker/endpoint/process-usage';
import { type MeasuredEndpoint, UtilizationMetrics } from '../../../../../local/sagemaker/endpoint/utilization-metrics';
import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { until } from './fake-service';

const START = Date.parse('2026-01-02T03:04:05Z');

function fleet(variants: Readonly<Record<string, number[]>>): MeasuredEndpoint['fleets'][number] {
  return {
    spec: {
      variants: Object.keys(variants).map((name) => ({ name })),
    } as unknown as MeasuredEndpoint['fleets'][number]['spec'],
    processes: (name: string) => variants[name] ?? [],
  };
}

function measure(fleets: MeasuredEndpoint['fleets'], busy = true) {
  const published: { readonly namespace: string; readonly data: readonly MetricDatum[] }[] = [];
  const used = new Map<number, ProcessUsage>();
  const clock = { at: START };
  const metrics = new UtilizationMetrics({
    publisher: { publish: async (namespace, data) => void published.push({ namespace, data }) },
    endpoints: () => [{ endpointName: 'e', fleets, busy }],
    directory: tmpdir(),
    intervalMs: 3_600_000,
    now: () => new Date(clock.at),
    log: () => undefined,
    usage: async () => used,
  });
  /** Looks once more, that many seconds later, at processes that have used so many seconds of CPU. */
  const after = async (seconds: number, cpu: Readonly<Record<number, number>>) => {
    clock.at += seconds * 1_000;
    used.clear();
    for (const [id, cpuSeconds] of Object.entries(cpu)) used.set(Number(id), { cpuSeconds, residentBytes: 2 ** 20 });
    await metrics.sample();
    return published.splice(0).flatMap(({ data }) => data);
  };
  return { metrics, after, published };
}

const values = (data: readonly MetricDatum[], name: string) =>
  data.filter((datum) => datum.name === name).map((datum) => Object.fromEntries(datum.values));

describe('the utilisation of instances', () => {
  test('has the names, the dimensions and the unit of SageMaker, and CPU from the second look on', async () => {
    const { metrics, after } = measure([fleet({ AllTraffic: [1] })]);
    expect((await after(0, { 1: 5 })).map(({ name }) => name)).toEqual(['MemoryUtilization', 'DiskUtilization']);
    const data = await after(10, { 1: 20 });
    expect(data.map(({ name }) => name)).toEqual(['CPUUtilization', 'MemoryUtilization', 'DiskUtilization']);
    for (const { unit, dimensions } of data) {
      expect(unit).toBe('Percent');
      expect(dimensions).toEqual({ EndpointName: 'e', VariantName: 'AllTraffic' });
    }
    // Fifteen seconds of work in ten: a core and a half.
    expect(values(data, 'CPUUtilization')).toEqual([{ 150: 1 }]);
    for (const [value] of values(data, 'DiskUtilization').flatMap((datum) => Object.entries(datum))) {
      expect(Number(value)).toBeGreaterThan(0);
      expect(Number(value)).toBeLessThanOrEqual(100);
    }
    await metrics.close();
  });

  test('has a value an instance, of both fleets while traffic goes to both', async () => {
    const { metrics, after } = measure([fleet({ a: [1, 2], b: [3] }), fleet({ a: [4] })]);
    await after(0, { 1: 0, 2: 0, 3: 0, 4: 0 });
    const data = await after(10, { 1: 1, 2: 1, 3: 4, 4: 0 });
    expect(values(data, 'CPUUtilization')).toEqual([{ 10: 2, 0: 1 }, { 40: 1 }]);
    await metrics.close();
  });

  test('of an endpoint at which nothing happens is published by the minute', async () => {
    const { metrics, after } = measure([fleet({ a: [1] })], false);
    expect(await after(0, { 1: 0 })).not.toEqual([]);
    expect(await after(59, { 1: 0 })).toEqual([]);
    expect(await after(1, { 1: 0 })).not.toEqual([]);
    await metrics.close();
  });

  test('is nothing without processes', async () => {
    const { metrics, after, published } = measure([fleet({ a: [] })]);
    expect(await after(0, {})).toEqual([]);
    expect(published).toEqual([]);
    await metrics.close();
  });
});

test('the usage of a process group grows with its work', async () => {
  const child = spawn(process.execPath, ['-e', 'for (;;) {}'], { detached: true, stdio: 'ignore' });
  const id = child.pid as number;
  try {
    const busy = await until(async () => {
      const usage = (await usageOf(new Set([id]))).get(id);
      return usage && usage.cpuSeconds > 0 ? usage : undefined;
    });
    expect(busy.residentBytes).toBeGreaterThan(1_000_000);
    expect((await usageOf(new Set())).size).toBe(0);
  } finally {
    process.kill(-id, 'SIGKILL');
  }
});
