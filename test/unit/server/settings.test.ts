import { heapFlags } from '../../../server/heap-limit';
import { MEGABYTE, parseSettings } from '../../../server/settings';

const machine = { cores: 4 };

describe('settings of the model server', () => {
  test("are SageMaker's where the environment says nothing", () => {
    expect(parseSettings({ SAGEMAKER_BIND_TO_PORT: '' }, machine)).toEqual({
      host: '0.0.0.0',
      port: 8080,
      modelDirectory: '/opt/ml/model',
      modelName: 'model',
      workers: 4,
      largestBody: 6 * MEGABYTE,
      drainSeconds: 25,
      requestSeconds: 60,
      mostRequests: 1024,
      batchRows: 1024,
      batchWaitMs: 0,
      unknownCategories: 'accept',
      logLevel: 'info',
    });
  });

  test('are of every interface, by IPv6 too where there is any', () => {
    const host = (environment: Readonly<Record<string, string>>) =>
      parseSettings(environment, { ...machine, hasIpv6: true }).host;
    const given: readonly Readonly<Record<string, string>>[] = [
      {},
      { MODEL_SERVER_HOST: '0.0.0.0' },
      { SAGEMAKER_BASE_DIR: '/tmp/ml' },
    ];
    expect(given.map((one) => host(one))).toEqual(['::', '0.0.0.0', '127.0.0.1']);
  });

  test('outside of a container answer this machine only, by one process', () => {
    const { host, workers, modelDirectory } = parseSettings({ SAGEMAKER_BASE_DIR: '/tmp/ml' }, machine);
    expect([host, workers, modelDirectory]).toEqual(['127.0.0.1', 1, '/tmp/ml/model']);
  });

  test("know the container's memory unless they are told another", () => {
    const small = { cores: 1, memoryBytes: 512 * MEGABYTE + 1 };
    expect(parseSettings({}, small).memoryMb).toBe(512);
    expect(parseSettings({ MODEL_SERVER_MEMORY_MB: '100' }, small).memoryMb).toBe(100);
  });

  test('open a port for gRPC only where it is named', () => {
    const grpcPort = (value: string) => parseSettings({ MODEL_SERVER_GRPC_PORT: value }, machine).grpcPort;
    expect(['', '0', '1', '65535'].map(grpcPort)).toEqual([undefined, undefined, 1, 65_535]);
  });

  test('leave half of the memory to the heaps of all processes together', () => {
    expect(heapFlags({ memoryMb: 1000, workers: 4 })).toEqual(['--max-old-space-size=125']);
    expect(heapFlags({ memoryMb: 100, workers: 4 })).toEqual(['--max-old-space-size=64']);
    expect(heapFlags({ memoryMb: undefined, workers: 4 })).toEqual([]);
  });

  test.each([
    ['MODEL_SERVER_GRPC_PORT', '65536'],
    ['MODEL_SERVER_GRPC_PORT', '-1'],
    ['SAGEMAKER_BIND_TO_PORT', '0'],
    ['SAGEMAKER_BIND_TO_PORT', '65536'],
    ['SAGEMAKER_MODEL_SERVER_WORKERS', '257'],
    ['SAGEMAKER_MODEL_SERVER_WORKERS', '0'],
    ['SAGEMAKER_MAX_PAYLOAD_IN_MB', '101'],
    ['SAGEMAKER_MAX_PAYLOAD_IN_MB', '1.5'],
    ['SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT', 'image/png'],
    ['MODEL_SERVER_DRAIN_SECONDS', '-1'],
    ['MODEL_SERVER_REQUEST_SECONDS', 'NaN'],
    ['MODEL_SERVER_MOST_REQUESTS', '1e3'],
    ['MODEL_SERVER_BATCH_WAIT_MS', '1001'],
    ['MODEL_SERVER_BATCH_ROWS', '0'],
    ['MODEL_SERVER_UNKNOWN_CATEGORIES', 'maybe'],
    ['MODEL_SERVER_LOG_LEVEL', 'loud'],
    ['MODEL_SERVER_MODEL_SHA256', 'ABC'],
    ['MODEL_SERVER_MODEL_NAME', 'a/b'],
  ])('refuse %s of %s', (name, value) => {
    expect(() => parseSettings({ [name]: value }, machine)).toThrow(
      new RegExp(`environment ${name}: must be .*got ${value}`),
    );
  });

  test('name all faults at once', () => {
    const environment = { SAGEMAKER_BIND_TO_PORT: 'x', MODEL_SERVER_LOG_LEVEL: 'y' };
    expect(() => parseSettings(environment, machine)).toThrow(/2 problems[^]*PORT[^]*LOG_LEVEL/);
  });
});
