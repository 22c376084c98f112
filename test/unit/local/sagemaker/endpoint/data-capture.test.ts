import type { JsonObject } from '../../../../../core/json';
import { DataCapture } from '../../../../../local/sagemaker/endpoint/data-capture';
import { FakeStorage } from '../model-server/fake-storage';
import { FakeService, NAME, until } from './fake-service';

const CONFIG = {
  InitialSamplingPercentage: 100,
  DestinationS3Uri: 's3://capture/prefix/',
  CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
  CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
};
const INVOCATION = { endpointName: 'e', body: Buffer.from('1,2'), customAttributes: 'a=b', inferenceId: 'i' };
const RESULT = {
  statusCode: 200,
  body: Buffer.from('{}'),
  contentType: 'application/json; charset=utf-8',
  invokedVariant: 'v',
};
const messages: string[] = [];

function capture(random = () => 0) {
  const storage = new FakeStorage();
  const data = new DataCapture(
    { storage, now: () => new Date('2026-01-02T03:04:05.678Z'), log: (message) => messages.push(message) },
    3_600_000,
    random,
  );
  const record = (config: JsonObject = CONFIG, contentType = 'text/csv') =>
    data.record({ config, invocation: { ...INVOCATION, contentType }, result: RESULT });
  const lines = async () => {
    await data.close();
    return [...storage.objects.values()]
      .flatMap((body) => body.toString().trimEnd().split('\n'))
      .map((line) => JSON.parse(line) as JsonObject);
  };
  return { storage, data, record, lines };
}

describe('captured data', () => {
  test('has the form and the place that Model Monitor reads', async () => {
    const { storage, record, lines } = capture();
    record();
    expect(await lines()).toEqual([
      {
        captureData: {
          endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '1,2', encoding: 'CSV' },
          endpointOutput: {
            observedContentType: 'application/json; charset=utf-8',
            mode: 'OUTPUT',
            data: '{}',
            encoding: 'JSON',
          },
        },
        eventMetadata: {
          eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          customAttributes: ['a=b'],
          inferenceId: 'i',
          inferenceTime: '2026-01-02T03:04:05.678Z',
        },
        eventVersion: '0',
      },
    ]);
    expect([...storage.objects.keys()]).toEqual([
      expect.stringMatching(/^s3:\/\/capture\/prefix\/e\/v\/2026\/01\/02\/03\/04-05-678-[0-9a-f-]{36}\.jsonl$/),
    ]);
  });

  test('is encoded unless its content type is listed', async () => {
    const { record, lines } = capture();
    record({ ...CONFIG, CaptureContentTypeHeader: undefined });
    record(CONFIG, 'application/x-npy');
    const inputs = (await lines()).map((line) => (line.captureData as { endpointInput: object }).endpointInput);
    expect(inputs).toMatchObject([
      { data: 'MSwy', encoding: 'BASE64' },
      { data: 'MSwy', encoding: 'BASE64' },
    ]);
  });

  test.each([
    [[{ CaptureMode: 'Input' }], ['endpointInput']],
    [[{ CaptureMode: 'Output' }], ['endpointOutput']],
    [[{ CaptureMode: 'InputAndOutput' }], ['endpointInput', 'endpointOutput']],
  ])('of %j holds %j', async (CaptureOptions, sides) => {
    const { record, lines } = capture();
    record({ ...CONFIG, CaptureOptions });
    expect((await lines()).map(({ captureData }) => Object.keys(captureData as object))).toEqual([sides]);
  });

  test.each([
    ['without a configuration', undefined, 0, 0],
    ['switched off', { ...CONFIG, EnableCapture: false }, 0, 0],
    ['of 0 %', { ...CONFIG, InitialSamplingPercentage: 0 }, 0, 0],
    ['of 20 %, when chance is below', { ...CONFIG, InitialSamplingPercentage: 20 }, 0.19, 1],
    ['of 20 %, when chance is above', { ...CONFIG, InitialSamplingPercentage: 20 }, 0.2, 0],
    ['of 100 %', CONFIG, 0.999, 1],
  ])('%s', async (_, config, random, count) => {
    const { data, lines } = capture(() => random);
    data.record({ config, invocation: INVOCATION, result: RESULT });
    expect(await lines()).toHaveLength(count);
  });

  test('that can not be written is reported', async () => {
    const { storage, record, data } = capture();
    storage.write = () => Promise.reject(new Error('NoSuchBucket'));
    record();
    await data.close();
    expect(messages).toEqual(['data capture: 1 lines for s3://capture/prefix/e/v are lost, got NoSuchBucket']);
  });

  test('of an endpoint arrives in S3, never delays an answer, and its state is described', async () => {
    const fake = new FakeService({ publishIntervalSeconds: 0.05 });
    try {
      const write = fake.context.storage.write.bind(fake.context.storage);
      let go: () => void = () => undefined;
      const blocked = new Promise<void>((resolve) => {
        go = resolve;
      });
      await fake.create([{}], { DataCaptureConfig: CONFIG });
      fake.context.storage.write = async (uri, body) => {
        await blocked;
        await write(uri, body);
      };
      await fake.invoke();
      await fake.invoke();
      go();
      await until(
        () =>
          [...fake.context.storage.objects.keys()].some((uri) =>
            uri.startsWith(`s3://capture/prefix/${NAME}/AllTraffic/`),
          ) || undefined,
      );
      expect(await fake.describe()).toMatchObject({
        DataCaptureConfig: {
          EnableCapture: true,
          CaptureStatus: 'Started',
          CurrentSamplingPercentage: 100,
          DestinationS3Uri: 's3://capture/prefix/',
        },
      });
    } finally {
      await fake.end();
    }
  });
});
