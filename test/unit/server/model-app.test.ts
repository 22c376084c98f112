import type { LightMyRequestResponse } from 'fastify';
import { type StartOptions, startApp } from './start-server';

const ROWS = JSON.stringify({
  instances: [
    { carrier: 'AA', hour: 23 },
    { carrier: 'AA', hour: 0 },
  ],
});
const PREDICTIONS = {
  predictions: [
    { probability: 1, label: 1 },
    { probability: 0, label: 0 },
  ],
};

let started: ReturnType<typeof startApp>;
const start = (options?: StartOptions) => (started = startApp(options));
beforeEach(() => void start());
afterEach(() => started.app.close());

function ask(body: string | Buffer, headers: Readonly<Record<string, string>> = {}, url = '/invocations') {
  return started.app.inject({
    method: 'POST',
    url,
    payload: body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
const errorOf = (response: LightMyRequestResponse) => response.json<{ error: string }>().error;

describe("SageMaker's contract", () => {
  test('answers a ping once the model is loaded', async () => {
    const { statusCode, body } = await started.app.inject('/ping');
    expect([statusCode, body]).toEqual([200, '']);
  });

  test.each([
    ['application/json', ROWS, undefined, 'application/json', JSON.stringify(PREDICTIONS)],
    ['text/csv; charset=utf-8', 'AA,23,\nAA,0,\n', undefined, 'text/csv', '1\n0\n'],
    [
      'application/jsonlines',
      '{"carrier":"AA","hour":23}',
      undefined,
      'application/jsonlines',
      '{"probability":1,"label":1}\n',
    ],
    [
      'text/csv',
      'AA,23,\n',
      'image/png, application/json',
      'application/json',
      '{"predictions":[{"probability":1,"label":1}]}',
    ],
    ['application/json', ROWS, '*/*', 'application/json', JSON.stringify(PREDICTIONS)],
    ['application/json', ROWS, 'TEXT/CSV;q=0.5', 'text/csv', '1\n0\n'],
    ['application/json', ROWS, 'text/*', 'text/csv', '1\n0\n'],
    [
      'text/csv',
      'AA,23,\n',
      'application/*;q=0.9',
      'application/json',
      '{"predictions":[{"probability":1,"label":1}]}',
    ],
    ['application/json', ROWS, 'application/json;q=0, text/csv; q=0.001', 'text/csv', '1\n0\n'],
  ])('predicts %s', async (type, body, accept, answerType, answer) => {
    const response = await ask(body, { 'content-type': type, ...(accept && { accept }) });
    expect([response.statusCode, response.headers['content-type'], response.body]).toEqual([200, answerType, answer]);
  });

  test('answers by the type that the settings name where a request names none', async () => {
    await started.app.close();
    start({ settings: { accept: 'text/csv' } });
    expect((await ask(ROWS)).body).toBe('1\n0\n');
  });

  test.each([
    [
      ROWS,
      { 'content-type': 'text/plain' },
      415,
      'Content-Type: must be text/csv, application/json, application/jsonlines or application/x-parquet, got text/plain; send one',
    ],
    // What every object of JavaScript has is no type.
    [ROWS, { 'content-type': 'constructor' }, 415, 'got constructor; send one'],
    [ROWS, { accept: 'constructor' }, 406, 'got constructor; ask for one of them'],
    [ROWS, { 'content-encoding': 'gzip' }, 415, 'Content-Encoding: must be identity, got gzip; send the body as it is'],
    [
      ROWS,
      { accept: 'image/png' },
      406,
      'Accept: must allow text/csv, application/json or application/jsonlines, got image/png; ask for one of them',
    ],
    [ROWS, { accept: 'image/*, */*; q=0.0' }, 406, 'Accept: must allow'],
    ['{"instances":[{"carrier":"AA","hour":24}]}', {}, 400, 'row 1, column hour must be a number from 0 to 23, got 24'],
    ['', {}, 400, 'body: must be JSON'],
    ['PAR1 and nothing else PAR1', { 'content-type': 'application/x-parquet' }, 400, 'body: must be Parquet, got'],
  ])('refuses %j with %j by %d', async (body, headers, status, message) => {
    const response = await ask(body, headers);
    expect([response.statusCode, errorOf(response)]).toEqual([status, expect.stringContaining(message)]);
  });

  test('refuses a body that is larger than the settings allow, promised or not', async () => {
    await started.app.close();
    start({ settings: { largestBody: 1024 } });
    for (const headers of [{}, { 'content-length': '99999' }] as Record<string, string>[]) {
      const response = await ask('x'.repeat(2000), headers);
      expect([response.statusCode, errorOf(response)]).toEqual([413, expect.stringContaining('must be at most')]);
    }
    expect(started.admission.pending).toBe(0);
  });

  test('tells batch transform its limits', async () => {
    expect((await started.app.inject('/execution-parameters')).json()).toEqual({
      MaxConcurrentTransforms: 1,
      BatchStrategy: 'MULTI_RECORD',
      MaxPayloadInMB: 6,
    });
  });

  test.each([
    [96, 6, 16],
    [16, 6, 16],
    [4, 6, 4],
    [4, 25, 4],
    [4, 26, 3],
    [4, 100, 1],
  ])('tells batch transform with %d processes and %d MB of %d requests at once, 100 MB at most', async (...numbers) => {
    const [workers, megabytes, concurrent] = numbers;
    await started.app.close();
    start({ settings: { workers, largestBody: megabytes * 1024 * 1024 } });
    const told = (await started.app.inject('/execution-parameters')).json<object>();
    expect(told).toMatchObject({ MaxConcurrentTransforms: concurrent, MaxPayloadInMB: megabytes });
  });

  test('answers 500 for a model that fails, logs why, and goes on', async () => {
    started.model.fault = new TypeError('out of luck');
    const response = await ask(ROWS, { 'x-request-id': 'mine' });
    expect([response.statusCode, errorOf(response)]).toEqual([
      500,
      "model: the prediction failed, got TypeError; look at the server's log for request mine",
    ]);
    expect(started.log.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 50, reqId: 'mine', err: expect.objectContaining({ message: 'out of luck' }) }),
    );
    started.model.fault = undefined;
    expect((await ask(ROWS)).statusCode).toBe(200);
  });

  test('names other paths and methods', async () => {
    const wrong = await started.app.inject({ method: 'GET', url: '/invocations' });
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'POST']);
    const none = await started.app.inject('/nothing/here');
    expect([none.statusCode, errorOf(none)]).toEqual([404, "path: isn't served, got /nothing/here; see /v2"]);
  });
});

describe('back-pressure', () => {
  test('answers 429 with Retry-After above the most requests, and lets in again what there is room for', async () => {
    await started.app.close();
    const { admission, model } = start({ admission: { mostRequests: 2 } });
    let release = () => {};
    model.held = new Promise((resolve) => (release = resolve));
    const held = [ask(ROWS), ask(ROWS)];
    await new Promise((resolve) => setImmediate(resolve));
    const refused = await ask(ROWS);
    expect([refused.statusCode, refused.headers['retry-after'], errorOf(refused)]).toEqual([
      429,
      '1',
      'server: there is too much to do (requests), got one more request; try again in 1 s',
    ]);
    expect((await started.app.inject('/ping')).statusCode).toBe(200);
    release();
    expect((await Promise.all(held)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(admission.pending).toBe(0);
    expect((await ask(ROWS)).statusCode).toBe(200);
    expect((await started.app.inject('/metrics')).body).toContain('model_server_refused_total{reason="requests"} 1');
  });

  test('answers 429 for a body that leaves no room for others', async () => {
    await started.app.close();
    const { admission } = start({ admission: { mostBytes: 1000 } });
    expect((await ask('x'.repeat(1001))).statusCode).toBe(429);
    expect(admission.pending).toBe(0);
    expect((await ask(ROWS)).statusCode).toBe(200);
    expect((await started.app.inject('/metrics')).body).toContain('model_server_refused_total{reason="bytes"} 1');
  });

  test('holds for every method that brings a body, served or not', async () => {
    await started.app.close();
    const { admission } = start({ admission: { mostBytes: 1000 } });
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const headers = { 'content-type': 'text/csv' };
      const { statusCode } = await started.app.inject({ method, url: '/any', payload: 'x'.repeat(1001), headers });
      expect([method, statusCode]).toEqual([method, 429]);
    }
    expect(admission.pending).toBe(0);
  });

  test('is told of in one line a second, not in one a request', async () => {
    await started.app.close();
    const { log } = start({ admission: { mostBytes: 1000 } });
    for (let times = 0; times < 3; times += 1) await ask('x'.repeat(1001));
    const lines = log.map((line) => JSON.parse(line) as object).filter((line) => 'refused' in line);
    expect(lines).toEqual([expect.objectContaining({ level: 40, status: 429, refused: 1 })]);
  });

  test('answers 429 while memory is at its limit', async () => {
    await started.app.close();
    const { model } = start({ admission: { memoryBytes: 1 } });
    let release = () => {};
    model.held = new Promise((resolve) => (release = resolve));
    const held = ask(ROWS);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await ask(ROWS)).statusCode).toBe(429);
    release();
    expect((await held).statusCode).toBe(200);
  });
});

describe('a server that was asked to end', () => {
  test('is not ready any more, and closes each connection after its answer', async () => {
    expect((await ask(ROWS)).headers.connection).toBe('keep-alive');
    started.drain.ask();
    for (const url of ['/ping', '/v2/health/ready', '/v2/models/model/ready'])
      expect([url, (await started.app.inject(url)).statusCode]).toEqual([url, 503]);
    expect((await started.app.inject('/v2/health/live')).statusCode).toBe(200);
    const { statusCode, headers } = await ask(ROWS);
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
  });

  test('waits for nothing that is answered or refused', async () => {
    await started.app.close();
    const { drain, model } = start({ admission: { mostRequests: 1 }, settings: { drainSeconds: 2 } });
    let release = () => {};
    model.held = new Promise((resolve) => (release = resolve));
    const held = ask(ROWS);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await ask(ROWS)).statusCode).toBe(429);
    release();
    expect((await held).statusCode).toBe(200);
    const askedAt = performance.now() + 60_000;
    const clock = jest.spyOn(performance, 'now').mockReturnValue(askedAt);
    drain.ask();
    // More than half a second: in seconds the difference of two may be a rounding less.
    clock.mockReturnValue(askedAt + 501);
    expect(drain.over).toBe(true);
    clock.mockRestore();
  });
});

describe('requests', () => {
  test('keep the name that they come with, if it can stand in a log', async () => {
    expect((await ask(ROWS, { 'x-request-id': 'abc-1' })).headers['x-request-id']).toBe('abc-1');
    for (const bad of ['two words', 'x'.repeat(129)]) {
      expect((await ask(ROWS, { 'x-request-id': bad })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('are counted by the names that the guards read, and by their stages', async () => {
    await ask(ROWS);
    await ask('{"instances":[{"carrier":"ZZ","hour":1}]}');
    await ask('{}');
    await started.app.inject('/whatever');
    const { body, headers } = await started.app.inject('/metrics');
    expect(headers['content-type']).toContain('version=0.0.4');
    for (const line of [
      'http_requests_total{handler="/invocations",method="POST",status="200"} 2',
      'http_requests_total{handler="/invocations",method="POST",status="400"} 1',
      'http_requests_total{handler="other",method="GET",status="404"} 1',
      'http_request_duration_seconds_count{handler="/invocations"} 3',
      'http_request_duration_seconds_bucket{le="0.005",handler="/invocations"}',
      'model_server_stage_duration_seconds_count{stage="predict"} 2',
      'model_server_stage_duration_seconds_count{stage="receive"} 3',
      'model_server_batch_rows_sum 3',
      'model_server_unknown_categories_total{column="carrier"} 1',
      'model_server_pending_requests 0',
      'process_resident_memory_bytes',
    ]) {
      expect(body).toContain(line);
    }
  });

  test('are answered alike by whichever way they come to their path', async () => {
    for (const url of ['/invocations', '/invocations/', '/invocations?from=here']) {
      const { statusCode, headers, body } = await ask(ROWS, { 'x-request-id': 'mine' }, url);
      expect([url, statusCode, headers['content-type'], headers['x-request-id'], JSON.parse(body)]).toEqual([
        url,
        200,
        'application/json',
        'mine',
        PREDICTIONS,
      ]);
    }
    const { body } = await started.app.inject('/metrics');
    expect(body).toContain('http_requests_total{handler="/invocations",method="POST",status="200"} 3');
    expect(body).toContain('http_request_duration_seconds_count{handler="/invocations"} 3');
    expect(started.admission.pending).toBe(0);
  });

  test('read as 0 before there are any', async () => {
    const { body } = await started.app.inject('/metrics');
    expect(body).toContain('http_requests_total{handler="/invocations",method="POST",status="200"} 0');
    expect(body).toContain('http_request_duration_seconds_count{handler="/invocations"} 0');
  });
});

describe('the Open Inference Protocol', () => {
  const infer = (change: object = {}, url = '/v2/models/model/infer') =>
    ask(
      JSON.stringify({
        id: '7',
        inputs: [
          { name: 'carrier', shape: [2, 1], datatype: 'BYTES', data: ['AA', 'AA'] },
          { name: 'hour', shape: [2], datatype: 'INT64', data: [23, 0] },
        ],
        ...change,
      }),
      {},
      url,
    );

  test('tells of the server and its model', async () => {
    const get = async (url: string): Promise<unknown> => (await started.app.inject(url)).json();
    expect(await get('/v2')).toMatchObject({ name: 'mlops-stack' });
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ ready: true });
    expect(await get('/v2/models/model/ready')).toEqual({ name: 'model', ready: true });
    expect(await get('/v2/models/model/versions/abababababab')).toEqual({
      name: 'model',
      versions: ['abababababab'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'carrier', datatype: 'BYTES', shape: [-1, 1] },
        { name: 'hour', datatype: 'FP64', shape: [-1, 1] },
        { name: 'temp', datatype: 'FP64', shape: [-1, 1] },
      ],
      outputs: [
        { name: 'probability', datatype: 'FP64', shape: [-1, 1] },
        { name: 'label', datatype: 'INT64', shape: [-1, 1] },
      ],
    });
  });

  test('infers by columns, all outputs or those asked for', async () => {
    const probability = { name: 'probability', datatype: 'FP64', shape: [2, 1], data: [1, 0] };
    const label = { name: 'label', datatype: 'INT64', shape: [2, 1], data: [1, 0] };
    const answer = { model_name: 'model', model_version: 'abababababab', id: '7' };
    expect((await infer()).json()).toEqual({ ...answer, outputs: [probability, label] });
    expect((await infer({ outputs: [{ name: 'label' }] })).json()).toEqual({ ...answer, outputs: [label] });
    const nested = { name: 'hour', shape: [2, 1], datatype: 'FP32', data: [[23], [0]] };
    const carrier = { name: 'carrier', shape: [2, 1], datatype: 'BYTES', data: [['AA'], ['AA']] };
    expect((await infer({ inputs: [carrier, nested] })).json()).toMatchObject({ outputs: [probability, label] });
  });

  const carrier = { name: 'carrier', shape: [1], datatype: 'BYTES', data: ['AA'] };
  const hour = { name: 'hour', shape: [1], datatype: 'FP64', data: [1] };
  test.each([
    [{ inputs: [] }, 'body: must be an inference request'],
    [{ inputs: [{ ...carrier, shape: ['1'] }] }, 'at inputs.0.shape.0'],
    [{ inputs: [carrier] }, 'input hour: must be there, got none'],
    [{ inputs: [carrier, { ...hour, name: 'minute' }] }, 'input minute: is no column of the model'],
    [{ inputs: [carrier, { ...hour, datatype: 'BYTES' }] }, 'input hour: must be of FP64, FP32'],
    [
      { inputs: [carrier, { ...hour, shape: [2] }] },
      'input hour: must be of the shape [1] or [1, 1] like the first, got [2]',
    ],
    [{ inputs: [carrier, { ...hour, data: [1, 2] }] }, 'input hour: must hold 1 values as its shape says, got 2'],
    [{ inputs: [carrier, carrier, hour] }, 'input carrier: must be given once'],
    [{ inputs: [{ ...carrier, shape: [0], data: [] }] }, 'inputs: must hold rows, got 0'],
    [{ inputs: [carrier, { ...hour, data: ['1'] }] }, 'row 1, column hour must be a number from 0 to 23, got "1"'],
    [{ inputs: [carrier, { ...hour, data: [null] }] }, 'row 1, column hour must have a value, got none'],
    [{ inputs: [carrier, hour], outputs: [{ name: 'y' }] }, 'output y: is none of the model'],
  ])('refuses %j', async (change, message) => {
    const response = await infer(change);
    expect([response.statusCode, errorOf(response)]).toEqual([400, expect.stringContaining(message)]);
  });

  test.each(['/v2/models/other/infer', '/v2/models/model/versions/2/infer'])('knows no %s', async (url) => {
    expect((await infer({}, url)).statusCode).toBe(404);
  });
});
