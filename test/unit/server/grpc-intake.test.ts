import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { status as Status } from '@grpc/grpc-js';
import { waitUntil } from '../../../local/loop/wait-until';
import { type GrpcServer, startGrpcServer } from '../../../server/grpc/grpc-server';
import { inferenceService } from '../../../server/grpc/inference-service';
import { type GrpcClient, grpcClient } from './grpc-client';
import { type StartOptions, startApp } from './start-server';

const KILOBYTE = 1024;
const QUESTION = {
  model_name: 'model',
  inputs: [
    { name: 'carrier', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('AA')] } },
    { name: 'hour', datatype: 'FP64', shape: [1], contents: { fp64_contents: [1] } },
  ],
};

let server: GrpcServer;
let client: GrpcClient;
let session: ClientHttp2Session;
afterEach(async () => {
  session.destroy();
  client.close();
  await server.stop(1000);
});

async function start(options: StartOptions = {}) {
  const started = startApp(options);
  server = await startGrpcServer({ ...started.parts, log: started.app.log }, 0);
  client = grpcClient(server.port);
  session = connect(`http://127.0.0.1:${server.port}`);
  return started;
}

/** A call byte by byte, as no library lets one send it. @param headers of its own */
function open(method: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/inference.GRPCInferenceService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  stream.resume();
  return stream;
}

/** Once it has left, or can't any more. */
function write(stream: ClientHttp2Stream, bytes: Buffer): Promise<void> {
  return new Promise((left) => {
    stream.write(bytes, () => left());
  });
}

/** Headers, which are all that a refusal has. */
async function answerOf(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  return headers;
}

/** Once the server has everything that was sent before. */
const arrived = () => new Promise<void>((done) => session.ping(() => done()));

/** The head of a message of so many bytes. */
function head(bytes: number, isCompressed = false): Buffer {
  const found = Buffer.alloc(5);
  found[0] = Number(isCompressed);
  found.writeUInt32BE(bytes, 1);
  return found;
}

const pending = (admission: { readonly pending: number }, count: number) =>
  waitUntil(
    async () => admission.pending === count || undefined,
    () => `${admission.pending} are pending`,
    { timeoutSeconds: 10, everyMs: 5 },
  );

describe('calls over gRPC that are not whole yet', () => {
  test('have their place from their headers on, and give it back with their stream', async () => {
    const { admission } = await start({ admission: { mostRequests: 1 } });
    const stream = open('ModelInfer');
    await pending(admission, 1);
    await expect(client.call('ModelInfer', QUESTION)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    // What isn't a prediction needs none.
    expect(await client.call('ServerLive')).toEqual({ live: true });
    stream.close();
    await pending(admission, 0);
    await client.call('ModelInfer', QUESTION);
  });

  test('may hold so many bytes together; one that asks for more is told to come again', async () => {
    const { app, admission, log } = await start({ admission: { mostBytes: 256 * KILOBYTE } });
    const part = Buffer.concat([head(1024 * KILOBYTE), Buffer.alloc(200 * KILOBYTE)]);
    const first = open('ModelInfer');
    await write(first, part);
    await arrived();
    const second = open('ModelInfer');
    second.write(part);
    expect(await answerOf(second)).toMatchObject({
      'grpc-status': String(Status.RESOURCE_EXHAUSTED),
      'retry-after': '1',
    });
    await pending(admission, 1);
    expect((await app.inject('/metrics')).body).toContain('model_server_refused_total{reason="bytes"} 1');
    expect(log.join('')).toContain('holds as many bytes');
    first.close();
    await pending(admission, 0);
    await client.call('ModelInfer', QUESTION);
  });

  test('pay for each piece as well, which takes more than a byte', async () => {
    const { admission } = await start({ admission: { mostBytes: 64 * KILOBYTE } });
    const stream = open('ModelInfer');
    const answer = answerOf(stream);
    stream.write(head(64 * KILOBYTE));
    // A frame each, as each is written once the one before has left.
    for (let sent = 0; sent < 300; sent += 1) await write(stream, Buffer.alloc(1));
    expect(await answer).toMatchObject({ 'grpc-status': String(Status.RESOURCE_EXHAUSTED) });
    await pending(admission, 0);
  });

  test('count by what they are unpacked', async () => {
    const { admission } = await start({ admission: { mostBytes: 256 * KILOBYTE } });
    const packed = gzipSync(Buffer.alloc(512 * KILOBYTE));
    expect(packed.length).toBeLessThan(KILOBYTE);
    const stream = open('ModelInfer', { 'grpc-encoding': 'gzip' });
    stream.end(Buffer.concat([head(packed.length, true), packed]));
    expect(await answerOf(stream)).toMatchObject({ 'grpc-status': String(Status.RESOURCE_EXHAUSTED) });
    await pending(admission, 0);
  });

  test('end where they take too long', async () => {
    const { app, admission } = await start({ settings: { requestSeconds: 0.2 } });
    const stream = open('ModelInfer');
    stream.write(head(100));
    expect(await answerOf(stream)).toMatchObject({ 'grpc-status': String(Status.DEADLINE_EXCEEDED) });
    await pending(admission, 0);
    expect((await app.inject('/metrics')).body).toContain('method="gRPC",status="408"} 1');
  });

  test('end as the caller wished, and give back what the library would keep', async () => {
    const { admission } = await start();
    const stream = open('ModelInfer', { 'grpc-timeout': '50m' });
    const closed = once(stream, 'close');
    stream.write(head(100));
    expect(await answerOf(stream)).toMatchObject({ 'grpc-status': String(Status.DEADLINE_EXCEEDED) });
    await closed;
    await pending(admission, 0);
  });

  test('are small where they are no predictions', async () => {
    await start();
    const stream = open('ModelMetadata');
    stream.write(Buffer.concat([head(128 * KILOBYTE), Buffer.alloc(80 * KILOBYTE)]));
    const { 'grpc-status': status, 'grpc-message': message } = await answerOf(stream);
    expect([status, decodeURI(String(message))]).toEqual([
      String(Status.RESOURCE_EXHAUSTED),
      'request: must be at most 64 KB, got more; send names only',
    ]);
  });

  test('keep their place once they are whole and predicted, whoever waits for them', async () => {
    const { admission, model } = await start();
    let release = () => {};
    model.held = new Promise((resolve) => (release = resolve));
    const message = inferenceService().ModelInfer?.requestSerialize(QUESTION) as Buffer;
    const stream = open('ModelInfer');
    stream.end(Buffer.concat([head(message.length), message]));
    await waitUntil(
      async () => model.asked === 1 || undefined,
      () => 'nothing is predicted',
      { timeoutSeconds: 10, everyMs: 5 },
    );
    stream.close();
    await once(stream, 'close');
    await arrived();
    expect(admission.pending).toBe(1);
    release();
    await pending(admission, 0);
  });
});
