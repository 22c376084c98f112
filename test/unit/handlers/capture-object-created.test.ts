import { PREDICTION_SHIFT_NAMESPACE } from '../../../core/guards/prediction-shift-metric';
import type { CaptureApi } from '../../../handlers/capture-object-created/capture-api';
import { MOST_REQUESTS } from '../../../handlers/capture-object-created/captured-requests';
import { createHandler } from '../../../handlers/capture-object-created/handler';
import { batch } from './handler-fixture';

const NOW = new Date('2026-03-01T12:10:30Z');
const STARTED = new Date('2026-03-01T11:58:00Z');
const ENDPOINT = 'dev-churn';

type Listed = Parameters<CaptureApi['listObjects']>[0];

/** An account with one endpoint, of which version 2 takes over from version 1. */
class Account implements CaptureApi {
  readonly measured: Parameters<CaptureApi['putMetricData']>[0]['MetricData'] = [];
  readonly read: string[] = [];
  readonly configs: Record<string, { model?: string; uri?: string; enabled?: boolean }> = {
    old: { model: 'model-1', uri: 's3://capture/churn/1' },
    new: { model: 'model-2', uri: 's3://capture/churn/2/' },
  };
  pending: { EndpointConfigName?: string; StartTime?: Date } | undefined = {
    EndpointConfigName: 'new',
    StartTime: STARTED,
  };
  pageSize = 1000;
  private readonly files = new Map<string, { text: string; written: Date }>();

  /** One file of a version, with that many requests of one row each. */
  capture(version: number, written: string, predictions: readonly number[], name = ''): void {
    const time = new Date(written);
    const [folder, rest] = [time.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/'), time.toISOString().slice(14, 19)];
    const text = predictions
      .map((value) => ({ captureData: { endpointOutput: { data: JSON.stringify([value]), encoding: 'JSON' } } }))
      .map((content) => JSON.stringify(content))
      .join('\n');
    const key = `churn/${version}/${ENDPOINT}/AllTraffic/${folder}/${rest.replace(':', '-')}${name}.jsonl`;
    this.files.set(key, { text, written: time });
  }

  async describeEndpoint({ EndpointName }: { EndpointName: string }): ReturnType<CaptureApi['describeEndpoint']> {
    if (EndpointName !== ENDPOINT)
      throw Object.assign(new Error(`Could not find endpoint "${EndpointName}".`), { name: 'ValidationException' });
    return { EndpointConfigName: 'old', PendingDeploymentSummary: this.pending };
  }

  async describeEndpointConfig({
    EndpointConfigName,
  }: {
    EndpointConfigName: string;
  }): ReturnType<CaptureApi['describeEndpointConfig']> {
    const { model, uri, enabled } = this.configs[EndpointConfigName] ?? {};
    return {
      ProductionVariants: [{ ModelName: model }],
      ...(uri !== undefined && { DataCaptureConfig: { DestinationS3Uri: uri, EnableCapture: enabled } }),
    };
  }

  async listObjects({ Bucket, Prefix, ContinuationToken }: Listed): ReturnType<CaptureApi['listObjects']> {
    const all = [...this.files]
      .filter(([key]) => Bucket === 'capture' && key.startsWith(Prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const start = Number(ContinuationToken ?? 0);
    const end = start + this.pageSize;
    return {
      Contents: all.slice(start, end).map(([Key, { written }]) => ({ Key, LastModified: written })),
      ...(end < all.length && { NextContinuationToken: String(end) }),
    };
  }

  async getObject({ Key, Range }: { Key: string; Range: string }): Promise<string> {
    this.read.push(Key);
    const [, last = '0'] = /^bytes=0-(\d+)$/.exec(Range) ?? [];
    return (this.files.get(Key)?.text ?? '').slice(0, Number(last) + 1);
  }

  async putMetricData({ Namespace, MetricData }: Parameters<CaptureApi['putMetricData']>[0]): Promise<void> {
    if (Namespace !== PREDICTION_SHIFT_NAMESPACE) throw new Error(`${Namespace} is not allowed`);
    this.measured.push(...MetricData);
  }

  metric(name: string): number | undefined {
    return this.measured.find(({ MetricName }) => MetricName === name)?.Value;
  }
}

const event = {
  id: 'an-event',
  account: '111111111111',
  region: 'eu-west-1',
  time: '2026-03-01T12:10:29Z',
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'capture' }, object: { key: 'churn/2/dev-churn/AllTraffic/2026/03/01/12/10-29.jsonl' } },
};

function handlerOf(account: Account, endpointName = ENDPOINT, logged: object[] = []): ReturnType<typeof createHandler> {
  return createHandler({
    settings: { ENDPOINT_NAME: endpointName, VARIANT_NAME: 'AllTraffic' },
    api: account,
    now: () => NOW,
    log: (entry) => void logged.push(entry),
  });
}

async function judge(account: Account, endpointName = ENDPOINT) {
  const logged: object[] = [];
  const judgement = await handlerOf(account, endpointName, logged)(batch(event, event));
  expect(logged).toEqual([expect.objectContaining({ level: 'info', files: 2, kind: judgement.kind })]);
  return judgement;
}

const small = (count: number) => Array.from({ length: count }, (_, index) => 0.1 + (0.3 * (index % 97)) / 97);
const turned = (count: number) => small(count).map((value) => 1 - value);

/** An account where both versions have answered as a canary has them answer. */
function canary(fresh: readonly number[], account = new Account()): Account {
  for (let minute = 0; minute < 10; minute += 1) account.capture(1, `2026-03-01T12:0${minute}:00Z`, small(200));
  account.capture(2, '2026-03-01T12:09:00Z', fresh);
  return account;
}

describe('a file of captured data', () => {
  test('reports the shift of a release whose predictions are turned round, and what it rests on', async () => {
    const account = canary(turned(150));
    expect(await judge(account)).toMatchObject({ kind: 'compared', samples: 150, referenceSamples: 1000 });
    expect(account.metric('PredictionShift')).toBeGreaterThan(0.5);
    expect(account.metric('PredictionShiftSamples')).toBe(150);
    const Dimensions = [
      { Name: 'EndpointName', Value: ENDPOINT },
      { Name: 'VariantName', Value: 'AllTraffic' },
    ];
    expect(account.measured).toEqual(
      [0, 1].map(() => expect.objectContaining({ Dimensions, Timestamp: NOW }) as object),
    );
  });

  test('reports no shift of a release that predicts the same', async () => {
    const account = canary(small(150));
    await judge(account);
    expect(account.metric('PredictionShift')).toBe(0);
    expect(account.metric('PredictionShiftSamples')).toBe(150);
  });

  test('does not mix the two releases, however small the share of the new one', async () => {
    const account = canary(turned(150));
    for (let second = 10; second < 60; second += 1) account.capture(1, `2026-03-01T12:09:${second}Z`, small(200));
    await judge(account);
    expect(account.metric('PredictionShift')).toBeGreaterThan(0.5);
  });

  test('counts of the new release what it has answered since the deployment began, not in an earlier one', async () => {
    const account = canary(small(120));
    account.capture(2, '2026-03-01T11:57:59Z', turned(5000));
    account.capture(2, '2026-03-01T11:59:00Z', small(30));
    expect(await judge(account)).toMatchObject({ samples: 150, shift: 0 });
  });

  test('finds what the old release answered up to a day ago, when nobody has called it since', async () => {
    const account = new Account();
    account.capture(2, '2026-03-01T12:09:00Z', turned(150));
    account.capture(1, '2026-02-28T12:30:00Z', small(2000));
    expect(await judge(account)).toMatchObject({ referenceSamples: 1000, samples: 150 });
    const late = new Account();
    late.capture(2, '2026-03-01T12:09:00Z', turned(150));
    late.capture(1, '2026-02-28T12:00:00Z', small(2000));
    expect(await judge(late)).toMatchObject({ referenceSamples: 0, samples: 0, shift: 0 });
  });

  test('reads the newest files, page by page, and no more than it needs', async () => {
    const account = new Account();
    account.pageSize = 3;
    for (let index = 0; index < 40; index += 1)
      account.capture(1, '2026-03-01T12:05:00Z', small(1000), `-${String(index).padStart(2, '0')}`);
    account.capture(2, '2026-03-01T12:09:00Z', small(100));
    expect(await judge(account)).toMatchObject({ referenceSamples: MOST_REQUESTS / 2 });
    const old = account.read.filter((key) => key.startsWith('churn/1/'));
    expect(old).toHaveLength(8);
    expect(account.read).toHaveLength(9);
    expect(old.every((key) => /-3[2-9]\.jsonl$/.test(key))).toBe(true);
  });

  test('is read in bounded time, however small the files are', async () => {
    const account = canary(small(50));
    for (let index = 0; index < 300; index += 1) account.capture(1, '2026-03-01T12:09:30Z', small(3), `-${index}`);
    await judge(account);
    expect(account.read.length).toBeLessThan(120);
  });

  test('is read once, however often it is looked at while the release takes over', async () => {
    const account = canary(small(50));
    const handle = handlerOf(account);
    await handle(batch(event));
    const first = account.read.length;
    account.capture(2, '2026-03-01T12:10:00Z', small(70));
    expect(await handle(batch(event))).toMatchObject({ samples: 120 });
    expect([first, account.read.length]).toEqual([11, 12]);
  });

  test('says nothing while there is no deployment, or no endpoint', async () => {
    const account = canary(turned(150));
    account.pending = undefined;
    expect(await judge(account)).toEqual({ kind: 'no-release' });
    expect(await judge(canary(turned(150)), 'dev-other')).toEqual({ kind: 'no-release' });
    account.pending = { EndpointConfigName: 'new' };
    expect(await judge(account)).toEqual({ kind: 'no-release' });
    expect([account.measured, account.read]).toEqual([[], []]);
  });

  test.each([{ uri: undefined }, { enabled: false }])(
    'says nothing when one side captures nothing: %j',
    async (change) => {
      for (const side of ['old', 'new']) {
        const account = canary(turned(150));
        account.configs[side] = { ...account.configs[side], ...change };
        expect(await judge(account)).toEqual({ kind: 'not-captured' });
        expect(account.measured).toEqual([]);
      }
    },
  );

  test('says nothing of two models that capture to one place, for they would be mixed', async () => {
    const account = canary(turned(150));
    account.configs.new = { model: 'model-2', uri: 's3://capture/churn/1' };
    expect(await judge(account)).toEqual({ kind: 'not-told-apart' });
    expect(account.measured).toEqual([]);
  });

  test('reports no shift, of as many requests as there are, when only the infrastructure changes', async () => {
    const account = canary(small(50));
    account.configs.new = { model: 'model-1', uri: 's3://capture/churn/1' };
    await judge(account);
    expect(account.metric('PredictionShift')).toBe(0);
    expect(account.metric('PredictionShiftSamples')).toBe(2000);
  });

  test('reports no shift of an earlier version that takes over again, or the bad one would stay', async () => {
    const account = canary(turned(150));
    account.configs.old = { model: 'model-2', uri: 's3://capture/churn/2' };
    account.configs.new = { model: 'model-1', uri: 's3://capture/churn/1' };
    expect(await judge(account)).toMatchObject({ kind: 'compared', shift: 0, samples: 2000 });
    account.configs.old = { model: 'model-9', uri: 's3://capture/churn/9' };
    account.configs.new = { model: 'model-10', uri: 's3://capture/churn/10' };
    expect(await judge(account)).toMatchObject({ samples: 0 });
  });

  test('reports no samples before the new release has answered anybody', async () => {
    const account = canary([]);
    await judge(account);
    expect(account.metric('PredictionShiftSamples')).toBe(0);
    expect(account.metric('PredictionShift')).toBe(0);
  });

  test('fails, to be tried again, when a service does, and when the event is another', async () => {
    const account = canary(turned(150));
    account.getObject = async () => Promise.reject(new Error('SlowDown'));
    await expect(judge(account)).rejects.toThrow('SlowDown');
    const handle = handlerOf(account);
    await expect(handle(batch({ ...event, 'detail-type': 'Object Deleted' }))).rejects.toThrow('Object Created');
  });
});
