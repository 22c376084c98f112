import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { credentials, makeGenericClientConstructor, status as Status } from '@grpc/grpc-js';
import { fromJSON, loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { waitUntil } from '../../../local/loop/wait-until';
import { type GrpcServer, startGrpcServer } from '../../../server/grpc/grpc-server';
import { type GrpcClient, grpcClient } from './grpc-client';
import { type StartOptions, startApp } from './start-server';

const VERSION = 'ab'.repeat(6);
const words = (...cells: readonly string[]) => ({
  name: 'carrier',
  datatype: 'BYTES',
  shape: [cells.length, 1],
  contents: { bytes_contents: cells.map((cell) => Buffer.from(cell)) },
});
const hours = (...cells: readonly number[]) => ({
  name: 'hour',
  datatype: 'FP64',
  shape: [cells.length],
  contents: { fp64_contents: cells },
});
const request = (...inputs: readonly object[]) => ({ model_name: 'model', inputs });
const doubles = (...cells: readonly number[]) => Buffer.from(Float64Array.from(cells).buffer);
const rawWords = (...cells: readonly string[]) =>
  Buffer.concat(cells.flatMap((cell) => [Buffer.from(Uint32Array.of(cell.length).buffer), Buffer.from(cell)]));
const withoutContents = (tensor: object) => ({ ...tensor, contents: undefined });

/** By IPv6 too, where there is any. */
const LOOPBACKS = Object.values(networkInterfaces()).flatMap((all = []) =>
  all.flatMap(({ address, internal }) => (internal && ['127.0.0.1', '::1'].includes(address) ? [address] : [])),
);

let server: GrpcServer;
let client: GrpcClient;
afterEach(async () => {
  client.close();
  await server.stop(1000);
});

async function start(options: StartOptions = {}, connectionSeconds?: number) {
  const started = startApp(options);
  server = await startGrpcServer({ ...started.parts, log: started.app.log }, 0, connectionSeconds);
  client = grpcClient(server.port);
  return started;
}

/** What a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<{ readonly code: Status; readonly details: string }> {
  return call.then(
    () => {
      throw new Error('it was answered');
    },
    (error: { readonly code: Status; readonly details: string }) => error,
  );
}

describe('the Open Inference Protocol over gRPC', () => {
  test('says what is served, and that it is ready until it was asked to end', async () => {
    const { drain } = await start();
    expect(await client.call('ServerLive')).toEqual({ live: true });
    expect(await client.call('ServerReady')).toEqual({ ready: true });
    expect(await client.call('ServerMetadata')).toMatchObject({ name: 'mlops-stack' });
    expect(await client.call('ModelReady', { name: 'model' })).toEqual({ ready: true });
    expect(await client.call('ModelMetadata', { name: 'model', version: VERSION })).toMatchObject({
      versions: [VERSION],
      inputs: [{ name: 'carrier', datatype: 'BYTES', shape: ['-1', '1'] }, { name: 'hour' }, { name: 'temp' }],
      outputs: [{ name: 'probability' }, { name: 'label', datatype: 'INT64' }],
    });
    drain.ask();
    expect(await client.call('ServerReady')).toEqual({ ready: false });
    expect(await client.call('ModelReady', { name: 'model' })).toEqual({ ready: false });
  });

  test('predicts contents by type, and gives back what was asked for', async () => {
    const { app } = await start();
    expect(await client.call('ModelInfer', { ...request(words('AA', 'UA'), hours(23, 0)), id: 'mine' })).toMatchObject({
      model_name: 'model',
      model_version: VERSION,
      id: 'mine',
      outputs: [
        { name: 'probability', datatype: 'FP64', shape: ['2', '1'], contents: { fp64_contents: [1, 0] } },
        { name: 'label', datatype: 'INT64', contents: { int64_contents: ['1', '0'] } },
      ],
      raw_output_contents: [],
    });
    const one = { ...request(words('AA'), hours(23)), outputs: [{ name: 'label' }] };
    expect(await client.call('ModelInfer', one)).toMatchObject({ outputs: [{ name: 'label' }] });
    const metrics = (await app.inject('/metrics')).body;
    expect(metrics).toContain('http_requests_total{handler="/v2/models/model/infer",method="gRPC",status="200"} 2');
    expect(metrics).toMatch(/model_server_unknown_categories_total\{column="carrier"\} 1/);
  });

  test('predicts raw tensors of any numbers, and answers raw', async () => {
    await start();
    const temp = { name: 'temp', datatype: 'FP16', shape: [2, 1] };
    const inputs = [withoutContents(words('AA', 'AA')), withoutContents(hours(23, 0)), temp];
    const half = Buffer.from(Uint16Array.of(0x3c00, 0x7e00).buffer);
    const raw = [rawWords('AA', 'AA'), doubles(23, 0), half];
    const answer = await client.call('ModelInfer', { ...request(...inputs), raw_input_contents: raw });
    expect(answer.raw_output_contents).toEqual([doubles(1, 0), Buffer.from(BigInt64Array.of(1n, 0n).buffer)]);
    expect(answer.outputs).toMatchObject([{ contents: null }, { contents: null }]);
    for (const [datatype, bytes] of [
      ['INT8', Int8Array.of(23)],
      ['INT16', Int16Array.of(23)],
      ['INT32', Int32Array.of(23)],
      ['INT64', BigInt64Array.of(23n)],
      ['UINT8', Uint8Array.of(23)],
      ['UINT16', Uint16Array.of(23)],
      ['UINT32', Uint32Array.of(23)],
      ['UINT64', BigUint64Array.of(23n)],
      ['FP32', Float32Array.of(23)],
    ] as const) {
      const hour = { name: 'hour', datatype, shape: [1] };
      const found = await client.call('ModelInfer', {
        ...request(withoutContents(words('AA')), hour),
        raw_input_contents: [rawWords('AA'), Buffer.from(bytes.buffer)],
      });
      expect((found.raw_output_contents as Buffer[])[0]).toEqual(doubles(1));
    }
  });

  test.each<[string, object, RegExp]>([
    [
      'a value out of bounds',
      request(words('AA', 'AA'), hours(1, 24)),
      /row 2, column hour must be a number from 0 to 23, got 24/,
    ],
    [
      'a gap in a column that needs a value',
      request(words('AA'), hours(Number.NaN)),
      /row 1, column hour must have a value/,
    ],
    [
      'bytes that are no text',
      request({ ...words('x'), contents: { bytes_contents: [Buffer.of(0xff)] } }, hours(1)),
      /row 1, column carrier must be a string, got \[255\]/,
    ],
    ['an unknown column', request(words('AA'), hours(1), { ...hours(1), name: 'x' }), /input x: is no column/],
    ['another datatype', request({ ...words('AA'), datatype: 'FP64' }, hours(1)), /input carrier: must be of BYTES/],
    ['fewer values than the shape says', request({ ...words('AA'), shape: [2, 1] }, hours(1, 1)), /must hold 2 values/],
    ['no rows', request(), /inputs/],
    ['an output that there is none of', { ...request(words('AA'), hours(1)), outputs: [{ name: 'x' }] }, /output x/],
    [
      'raw contents of one input only',
      { ...request(withoutContents(words('AA')), withoutContents(hours(1))), raw_input_contents: [rawWords('AA')] },
      /raw_input_contents: must hold each of the 2 inputs/,
    ],
    [
      'raw contents beside others',
      { ...request(words('AA')), raw_input_contents: [rawWords('AA')] },
      /beside contents/,
    ],
    [
      'raw words without lengths',
      { ...request(withoutContents(words('AA'))), raw_input_contents: [Buffer.from('AAAAAA')] },
      /each word's length in 4 bytes/,
    ],
    [
      'raw numbers that are cut',
      { ...request(withoutContents(hours(1))), raw_input_contents: [Buffer.alloc(7)] },
      /must have 8 bytes a value, got 7/,
    ],
  ])('refuses %s as INVALID_ARGUMENT', async (_, sent, message) => {
    const { admission } = await start();
    const { code, details } = await refusal(client.call('ModelInfer', sent));
    expect([code, details]).toEqual([Status.INVALID_ARGUMENT, expect.stringMatching(message)]);
    expect(admission.pending).toBe(0);
  });

  test('knows no other model and no other version', async () => {
    await start();
    for (const call of [
      client.call('ModelReady', { name: 'other' }),
      client.call('ModelMetadata', { name: 'model', version: '1' }),
      client.call('ModelInfer', { ...request(words('AA'), hours(1)), model_name: 'other' }),
    ]) {
      expect(await refusal(call)).toMatchObject({ code: Status.NOT_FOUND, details: expect.stringContaining(VERSION) });
    }
  });

  test('answers RESOURCE_EXHAUSTED while there is too much to do, and counts it', async () => {
    const { app, model, admission } = await start({ admission: { mostRequests: 1 } });
    let release = () => {};
    model.held = new Promise((resolve) => (release = resolve));
    const first = client.call('ModelInfer', request(words('AA'), hours(1)));
    await waitUntil(
      async () => admission.pending === 1 || undefined,
      () => 'it did not arrive',
      { timeoutSeconds: 5, everyMs: 5 },
    );
    const second = await refusal(client.call('ModelInfer', request(words('AA'), hours(1))));
    expect(second).toMatchObject({ code: Status.RESOURCE_EXHAUSTED, details: expect.stringMatching(/too much to do/) });
    release();
    await first;
    expect((await app.inject('/metrics')).body).toContain('model_server_refused_total{reason="requests"} 1');
  });

  test('refuses a message that is too large, and bytes that are no message', async () => {
    await start({ settings: { largestBody: 30_000 } });
    const large = request(words('A'.repeat(40_000)), hours(1));
    expect(await refusal(client.call('ModelInfer', large))).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    const Client = makeGenericClientConstructor({}, 'raw');
    const raw = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const send = (message: Buffer) =>
      new Promise((found, fail) => {
        raw.makeUnaryRequest(
          '/inference.GRPCInferenceService/ModelInfer',
          (bytes: Buffer) => bytes,
          (bytes: Buffer) => bytes,
          message,
          (error, value) => (error ? fail(error) : found(value)),
        );
      });
    // Cut short; a group, as no message has; and more inputs than any model has columns.
    for (const message of [Buffer.of(0x0a, 0xff), Buffer.of(0x0b, 0x0c), Buffer.alloc(20_002, Buffer.of(0x2a, 0x00))]) {
      expect(await refusal(send(message))).toMatchObject({
        code: Status.INVALID_ARGUMENT,
        details: expect.stringMatching(/must be the message/),
      });
    }
    // As many as may be are a message, of which it is told what is wrong.
    expect(await refusal(send(Buffer.alloc(20_000, Buffer.of(0x2a, 0x00))))).toMatchObject({
      code: Status.NOT_FOUND,
    });
    raw.close();
  });

  test('answers INTERNAL without the reason if the prediction fails, and logs it', async () => {
    const { model, log } = await start();
    model.fault = new RangeError('secret');
    const { code, details } = await refusal(client.call('ModelInfer', request(words('AA'), hours(1))));
    expect([code, details]).toEqual([Status.INTERNAL, expect.not.stringContaining('secret')]);
    expect(log.join('')).toContain('secret');
  });

  test('answers while it drains, and UNAVAILABLE once nobody asked for long enough', async () => {
    const { drain } = await start({ settings: { drainSeconds: 1 } });
    drain.ask();
    server.drain();
    await client.call('ModelInfer', request(words('AA'), hours(1)));
    await waitUntil(
      async () => drain.over || undefined,
      () => 'it drains on',
      { timeoutSeconds: 5, everyMs: 10 },
    );
    expect(await refusal(client.call('ModelInfer', request(words('AA'), hours(1))))).toMatchObject({
      code: Status.UNAVAILABLE,
    });
  });

  test.each(LOOPBACKS)('answers at %s, and tells its clients when it drains', async (host) => {
    await start({ settings: { host } });
    client.close();
    const name = isIPv6(host) ? `[${host}]` : host;
    client = grpcClient(server.port, name);
    expect(await client.call('ServerLive')).toEqual({ live: true });
    const session = connect(`http://${name}:${server.port}`);
    await once(session, 'remoteSettings');
    const told = once(session, 'goaway');
    server.drain();
    await told;
    session.destroy();
  });

  test('hangs up on a client that never reads, once its connection is old enough', async () => {
    const { admission } = await start({ settings: { requestSeconds: 0.2 } }, 0.2);
    // No byte of an answer's body may be sent to it.
    const session = connect(`http://127.0.0.1:${server.port}`, { settings: { initialWindowSize: 0 } });
    const closed = once(session, 'close');
    const stream = session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ServerLive',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => {});
    stream.end(Buffer.alloc(5));
    await closed;
    expect(admission.pending).toBe(0);
    // Whoever reads connects anew without noticing.
    expect(await client.call('ServerLive')).toEqual({ live: true });
  });

  test('has the very messages of the protocol', () => {
    const folder = resolve(__dirname, '../../../server/grpc');
    const options = { keepCase: true };
    const messages = (loaded: PackageDefinition) =>
      Object.entries(loaded).map(([name, one]) => [name, 'fileDescriptorProtos' in one && one.fileDescriptorProtos]);
    const json = JSON.parse(readFileSync(`${folder}/open-inference-grpc.json`, 'utf8')) as Parameters<
      typeof fromJSON
    >[0];
    const found = messages(fromJSON(json, options));
    expect(found).toEqual(messages(loadSync(`${folder}/open_inference_grpc.proto`, options)));
    expect(found.length).toBeGreaterThan(10);
  });
});
