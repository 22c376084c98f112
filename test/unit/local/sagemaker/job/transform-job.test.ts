import type { JsonObject } from '../../../../../core/json';
import { eventually } from '../eventually';
import { IMAGE, PipelineFixture, ROLE } from '../pipeline/pipeline-fixture';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

/** Answers each payload with what it got, in brackets; the first line of a payload may be an order. */
const SERVE = `#!/usr/bin/env python3
import json, os, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
print('BATCH', {k[10:]: v for k, v in sorted(os.environ.items()) if k.startswith('SAGEMAKER_') and 'DIR' not in k and 'PORT' not in k}, flush=True)
own = os.environ.get('EXECUTION_PARAMETERS')
calls, busy, lock = {}, [0], threading.Lock()
# All that may come at a time have to, where the server says how many that are.
meet = threading.Barrier(json.loads(own)['MaxConcurrentTransforms']) if own and 'SAGEMAKER_MAX_CONCURRENT_TRANSFORMS' not in os.environ else None
class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        if self.path == '/execution-parameters':
            return self.answer(200 if own else 404, (own or '').encode())
        self.answer(200, b'')
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        order = body.split(b'\\n')[0]
        with lock:
            calls[body] = calls.get(body, 0) + 1
            busy[0] += 1
        print('GOT', busy[0], self.headers.get('Content-Type'), self.headers.get('Accept'), flush=True)
        if order == b'wait': time.sleep(60)
        if meet: meet.wait(40)
        with lock: busy[0] -= 1
        if order == b'bad': return self.answer(400, b'no such column')
        if order == b'once' and calls[body] == 1: return self.answer(503, b'busy')
        self.answer(200, b'[' + body.replace(b'\\n', b'|') + b']')
class Server(ThreadingHTTPServer):
    daemon_threads = True
Server(('127.0.0.1', int(os.environ['SAGEMAKER_BIND_TO_PORT'])), Handler).serve_forever()
`;

interface Changes extends JsonObject {
  readonly input?: JsonObject;
  readonly output?: JsonObject;
}

function request({ input, output, ...more }: Changes = {}): JsonObject {
  return {
    TransformJobName: 'job',
    ModelName: 'model',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/in' } }, ...input },
    TransformOutput: { S3OutputPath: 's3://bucket/out/', ...output },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    ...more,
  };
}

async function createModel(Environment: JsonObject = {}): Promise<void> {
  local.program('bin/serve', SERVE);
  await local.answer('CreateModel', {
    ModelName: 'model',
    ExecutionRoleArn: ROLE,
    PrimaryContainer: { Image: IMAGE, Environment },
  });
}

async function run(changes: Changes = {}): Promise<JsonObject> {
  await local.answer('CreateTransformJob', request(changes));
  return local.ended('DescribeTransformJob', { TransformJobName: 'job' }, 'TransformJobStatus');
}

describe('a transform job', () => {
  test('sends each object below its prefix, and leaves the answers at the same path', async () => {
    await createModel();
    await local.put('s3://bucket/in/a.csv', '1\n2\n');
    await local.put('s3://bucket/in/deep/b.csv', '3\n');
    const job = await run({ input: { ContentType: 'text/csv' }, output: { Accept: 'application/json' } });
    expect(job).toMatchObject({ TransformJobStatus: 'Completed', TransformEndTime: expect.any(Number) });
    expect(await local.text('s3://bucket/out/a.csv.out')).toBe('[1|2|]');
    expect(await local.text('s3://bucket/out/deep/b.csv.out')).toBe('[3|]');
    expect(local.log('job')).toContain('GOT 1 text/csv application/json');
  });

  test.each([
    ['MultiRecord', 'None', '[1|2|3]'],
    ['MultiRecord', 'Line', '[1|2|3]\n'],
    ['SingleRecord', 'None', '[1|][2|][3]'],
    ['SingleRecord', 'Line', '[1|]\n[2|]\n[3]\n'],
  ])('splits by line, sends by %s and assembles by %s', async (BatchStrategy, AssembleWith, expected) => {
    await createModel();
    await local.put('s3://bucket/in/a.csv', '1\n2\n3');
    await run({ BatchStrategy, input: { SplitType: 'Line' }, output: { AssembleWith } });
    expect(await local.text('s3://bucket/out/a.csv.out')).toBe(expected);
  });

  test('keeps a payload within MaxPayloadInMB, and 0 lets it have any size', async () => {
    await createModel();
    const line = `${'x'.repeat(700_000)}\n`;
    await local.put('s3://bucket/in/a', line + line);
    await run({ MaxPayloadInMB: 1, input: { SplitType: 'Line' } });
    expect((await local.text('s3://bucket/out/a.out')).split('[')).toHaveLength(3);
    await local.answer('CreateTransformJob', { ...request({ MaxPayloadInMB: 0 }), TransformJobName: 'any' });
    await local.ended('DescribeTransformJob', { TransformJobName: 'any' }, 'TransformJobStatus');
    expect((await local.text('s3://bucket/out/a.out')).split('[')).toHaveLength(2);
  });

  test('tells the model server what the request says, and nothing of what it leaves open', async () => {
    await createModel({ MINE: 'model' });
    await local.put('s3://bucket/in/a', '1');
    await run();
    expect(local.log('job')).toContain("BATCH {'BATCH': 'true'}\n");
    await local.answer('CreateTransformJob', {
      ...request({ MaxPayloadInMB: 2, BatchStrategy: 'SingleRecord', MaxConcurrentTransforms: 3 }),
      TransformJobName: 'told',
    });
    await local.ended('DescribeTransformJob', { TransformJobName: 'told' }, 'TransformJobStatus');
    expect(local.log('told')).toContain(
      "{'BATCH': 'true', 'BATCH_STRATEGY': 'SINGLE_RECORD', 'MAX_CONCURRENT_TRANSFORMS': '3', 'MAX_PAYLOAD_IN_MB': '2'}",
    );
  });

  test('does as the model server says where the request says nothing', async () => {
    const own = { MaxConcurrentTransforms: 3, BatchStrategy: 'SINGLE_RECORD', MaxPayloadInMB: 1 };
    await createModel({ EXECUTION_PARAMETERS: JSON.stringify(own) });
    await local.put('s3://bucket/in/a', '1\n2\n3\n');
    await run({ input: { SplitType: 'Line' } });
    expect(await local.text('s3://bucket/out/a.out')).toBe('[1|][2|][3|]');
    expect(local.log('job')).toContain('GOT 3 ');
    await local.answer('CreateTransformJob', {
      ...request({ input: { SplitType: 'Line' }, BatchStrategy: 'MultiRecord', MaxConcurrentTransforms: 1 }),
      TransformJobName: 'told',
    });
    await local.ended('DescribeTransformJob', { TransformJobName: 'told' }, 'TransformJobStatus');
    expect(await local.text('s3://bucket/out/a.out')).toBe('[1|2|3|]');
  });

  test('keeps columns from the model, and puts its answers beside the records', async () => {
    await createModel();
    await local.put('s3://bucket/in/a.csv', 'id-1,1,2\nid-2,3,4\n');
    const DataProcessing = { InputFilter: '$[1:]', JoinSource: 'Input', OutputFilter: '$[0,-1]' };
    await run({
      DataProcessing,
      BatchStrategy: 'SingleRecord',
      input: { SplitType: 'Line', ContentType: 'text/csv' },
      output: { Accept: 'text/csv', AssembleWith: 'Line' },
    });
    expect(await local.text('s3://bucket/out/a.csv.out')).toBe('id-1,2|]\nid-2,4|]\n');
  });

  test('goes on with the other objects when one fails, and fails then', async () => {
    await createModel();
    await local.put('s3://bucket/in/a', 'bad');
    await local.put('s3://bucket/in/b', '1');
    expect(await run()).toMatchObject({ TransformJobStatus: 'Failed' });
    expect(await local.text('s3://bucket/out/b.out')).toBe('[1]');
    expect(local.exists('s3://bucket/out/a.out')).toBe(false);
  });

  test('fails with the answer of a model server that refuses, after as many retries as asked for', async () => {
    await createModel();
    await local.put('s3://bucket/in/a', 'bad');
    expect((await run()).FailureReason).toBe(
      "AlgorithmError: s3://bucket/in/a: the model server didn't answer the request, got status 400: no such column",
    );
    await local.put('s3://bucket/in/a', 'once');
    await local.answer('CreateTransformJob', {
      ...request({ ModelClientConfig: { InvocationsMaxRetries: 1 } }),
      TransformJobName: 'retried',
    });
    const retried = await local.ended('DescribeTransformJob', { TransformJobName: 'retried' }, 'TransformJobStatus');
    expect(retried.TransformJobStatus).toBe('Completed');
  });

  test('tells EventBridge that it began and how it ended, with the reason of a failure', async () => {
    await createModel();
    await run();
    const told = () => local.events.filter((event) => event['detail-type'] === 'SageMaker Transform Job State Change');
    await eventually(() => told().length === 2);
    const events = told();
    expect(events.map(({ detail }) => detail.TransformJobStatus)).toEqual(['InProgress', 'Failed']);
    expect(events[1]).toMatchObject({
      resources: [expect.stringContaining(':transform-job/job')],
      detail: {
        TransformJobName: 'job',
        ModelName: 'model',
        FailureReason: expect.stringContaining('ClientError'),
        CreationTime: expect.any(Number),
        TransformEndTime: expect.any(Number),
        Tags: {},
      },
    });
  });

  test('fails if there is nothing to transform, but for folders', async () => {
    await createModel();
    await local.put('s3://bucket/in/a', '1');
    const { FailureReason } = await run({
      input: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/none' } } },
    });
    expect(FailureReason).toBe('ClientError: TransformInput: nothing is stored under s3://bucket/none');
  });

  test('fails by the client’s fault if its model server never comes up', async () => {
    await createModel();
    await local.put('s3://bucket/in/a', '1');
    local.program('bin/serve', '#!/bin/sh\necho no model >&2; exit 3');
    const { FailureReason, TransformJobStatus } = await run();
    expect(TransformJobStatus).toBe('Failed');
    expect(FailureReason).toMatch(/^ClientError: .*no model/s);
  });

  test('that is stopped ends its model server', async () => {
    await createModel();
    await local.put('s3://bucket/in/a', 'wait');
    await local.answer('CreateTransformJob', request());
    await local.until(() => (safeLog().includes('GOT') ? true : undefined));
    await local.answer('StopTransformJob', { TransformJobName: 'job' });
    const job = await local.ended('DescribeTransformJob', { TransformJobName: 'job' }, 'TransformJobStatus');
    expect(job).toMatchObject({ TransformJobStatus: 'Stopped' });
    expect(job).not.toHaveProperty('FailureReason');
    expect(local.exists('s3://bucket/out/a.out')).toBe(false);
  });

  test.each([
    ['Could not find model', { ModelName: 'none' }],
    ["Value 'Paragraph' at 'transformInput.splitType'", { input: { SplitType: 'Paragraph' } }],
    ['TransformInput.ContentType must be one of', { DataProcessing: { JoinSource: 'Input' } }],
    ['must be a JSONPath of', { DataProcessing: { InputFilter: '$..id' } }],
    ['MaxPayloadInMB × MaxConcurrentTransforms must be at most 100, got 101', { MaxPayloadInMB: 101 }],
    ['must be at most 100, got 102', { MaxPayloadInMB: 51, MaxConcurrentTransforms: 2 }],
    ['maxPayloadInMB', { MaxPayloadInMB: -1 }],
  ])('is refused at once for %s', async (message, changes) => {
    await createModel();
    await expect(local.answer('CreateTransformJob', request(changes as Changes))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect(await local.answer('ListTransformJobs', {})).toEqual({ TransformJobSummaries: [] });
  });
});

function safeLog(): string {
  try {
    return local.log('job');
  } catch {
    return '';
  }
}
