import { appendFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { identify } from '../../../../../local/container/process-identity';
import { eventually } from '../eventually';
import { PipelineFixture } from './pipeline-fixture';
import { choose, createPipeline, definition, end, jobArn, run, type Step, shell, start, stepsOf } from './run-pipeline';

/** The server that is killed, and the next one on the same folder. */
let killed: PipelineFixture;
let next: PipelineFixture;

beforeEach(async () => {
  killed = await new PipelineFixture().start();
  next = new PipelineFixture(killed.root);
});
afterEach(async () => {
  try {
    await killed.close();
  } finally {
    await next.remove();
  }
});

/** Writes the id of its process to a list, then goes on once it is let, or ends with the folder of a test that failed. */
function waiting(Name: string, more: JsonObject = {}): Step {
  const there = '[ -e $LIST.$NAME ]';
  return shell(
    Name,
    `echo $$ >> $LIST.$NAME; until [ -e $LIST.go ]; do ${there} || exit 1; sleep 0.02; done; echo > $o/done`,
    {
      Arguments: { Environment: { LIST: join(killed.root, 'list'), NAME: Name } },
      ...more,
    },
  );
}

const listing = (NAME: string): JsonObject => ({
  Arguments: { Environment: { LIST: join(killed.root, 'list'), NAME } },
});

function counting(Name: string, more: JsonObject = {}): Step {
  return shell(Name, 'echo $$ >> $LIST.$NAME', {
    Arguments: { Environment: { LIST: join(killed.root, 'list'), NAME: Name } },
    ...more,
  });
}

const idOf = (arn: string) => arn.split('/').at(-1) ?? '';
const recordOf = (arn: string) => join(killed.root, 'sagemaker', 'pipeline-executions', `${idOf(arn)}.json`);
const linesOf = (arn: string) => join(killed.root, 'sagemaker', 'pipeline-execution-steps', `${idOf(arn)}.jsonl`);
const letGo = () => writeFileSync(join(killed.root, 'list.go'), '');
function processes(name: string): number[] {
  const file = join(killed.root, `list.${name}`);
  // The shell makes the file, and writes to it a moment later.
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number) : [];
}
const alive = (name: string) => processes(name).filter((pid) => identify(pid) !== undefined);

/** Nothing is closed: whatever the killed server had in memory has no say any more. */
function kill(): void {
  killed.kill();
}

describe('after a kill of the server', () => {
  test('the next one keeps finished steps, begins the running ones anew, and ends their old processes', async () => {
    const body = definition([
      counting('First'),
      waiting('Second', { DependsOn: ['First'] }),
      counting('Third', { DependsOn: ['Second'] }),
    ]);
    await createPipeline(killed, body);
    const arn = await start(killed);
    const [old] = await killed.until(() => (processes('Second').length === 1 ? processes('Second') : undefined));
    kill();
    await next.start();
    await next.until(() => (processes('Second').length === 2 ? true : undefined));
    expect(identify(old ?? 0)).toBeUndefined();
    expect(alive('Second')).toHaveLength(1);
    letGo();
    const ended = await end(next, arn);
    expect([ended.status, ended.statuses]).toEqual([
      'Succeeded',
      { First: 'Succeeded', Second: 'Succeeded', Third: 'Succeeded' },
    ]);
    expect([processes('First').length, processes('Third').length]).toEqual([1, 1]);
    expect(alive('Second')).toEqual([]);
  });

  test('a finished step counts by its own line, and a part of a line after it does no harm', async () => {
    await createPipeline(killed, definition([counting('First'), waiting('Second', { DependsOn: ['First'] })]));
    const arn = await start(killed);
    await killed.until(() => (processes('Second').length === 1 ? true : undefined));
    expect(readFileSync(recordOf(arn), 'utf8')).not.toContain('Succeeded');
    kill();
    appendFileSync(linesOf(arn), '\n{"StepName":"First","StepStatus":"Fai');
    await next.start();
    letGo();
    expect((await end(next, arn)).statuses).toEqual({ First: 'Succeeded', Second: 'Succeeded' });
    expect(processes('First')).toHaveLength(1);
    // All of it is in the record now.
    expect(existsSync(linesOf(arn))).toBe(false);
  });

  test('lines that an earlier kill left of an execution do not count when that is tried again', async () => {
    await createPipeline(killed, definition([shell('Once', '[ -e $LIST.go ]', listing('Once')), waiting('Next')]));
    const { arn, status } = await run(killed, undefined, {
      ParallelismConfiguration: { MaxParallelExecutionSteps: 1 },
    });
    expect(status).toBe('Failed');
    // As if the kill had come between the record of the end and the removal of these.
    appendFileSync(linesOf(arn), '\n{"StepName":"Once","StepStatus":"Failed"}');
    writeFileSync(join(killed.root, 'list.go'), '');
    await killed.answer('RetryPipelineExecution', {
      PipelineExecutionArn: arn,
      ClientRequestToken: 'one-token-of-at-least-thirty-two-characters',
    });
    kill();
    await next.start();
    expect((await end(next, arn)).statuses).toEqual({ Once: 'Succeeded', Next: 'Succeeded' });
  });

  test('the job that it ran has failed by the server’s fault', async () => {
    await createPipeline(killed, definition([waiting('Work')]));
    const arn = await start(killed);
    await killed.until(() => (processes('Work').length === 1 ? true : undefined));
    const ProcessingJobName = jobArn((await stepsOf(killed, arn))[0], 'ProcessingJob')
      .split('/')
      .at(-1);
    kill();
    await next.start();
    expect(await next.answer('DescribeProcessingJob', { ProcessingJobName })).toMatchObject({
      ProcessingJobStatus: 'Failed',
      FailureReason: 'InternalServerError: the server was ended while the job ran',
    });
    letGo();
    await end(next, arn);
  });

  test('processes that ignore SIGTERM, or were left by those that do not, end too', async () => {
    const stubborn = shell(
      'Work',
      `(trap '' TERM; while [ -d \${LIST%/*} ]; do sleep 0.05; done) & echo $! >> $LIST.Work; wait`,
      {
        Arguments: { Environment: { LIST: join(killed.root, 'list') } },
      },
    );
    await createPipeline(killed, definition([stubborn]));
    await start(killed);
    const [child] = await killed.until(() => (processes('Work').length === 1 ? processes('Work') : undefined));
    kill();
    await next.start();
    await next.until(() => (processes('Work').length === 2 ? true : undefined));
    // The signal has been sent; on a busy machine it takes a moment.
    await eventually(() => identify(child ?? 0) === undefined);
    expect(alive('Work')).toHaveLength(1);
  });

  test('the choice of a condition stays, and what earlier steps left can be referred to', async () => {
    const gate = choose('Gate', [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }], {
      IfSteps: [waiting('Then')],
      ElseSteps: [counting('Else')],
    });
    const last = shell('Last', 'echo "$OF" > $o/of', {
      DependsOn: ['Then'],
      Arguments: { Environment: { OF: { Get: 'Steps.First.ProcessingJobStatus' } } },
    });
    await createPipeline(killed, definition([counting('First'), gate, last]), {
      ParallelismConfiguration: { MaxParallelExecutionSteps: 1 },
    });
    const arn = await start(killed);
    await killed.until(() => (processes('Then').length === 1 ? true : undefined));
    kill();
    await next.start();
    letGo();
    expect((await end(next, arn)).statuses).toEqual({
      First: 'Succeeded',
      Gate: 'Succeeded',
      Then: 'Succeeded',
      Last: 'Succeeded',
    });
    expect(await next.text('s3://bucket/Last/of')).toBe('Completed\n');
  });

  test('an execution that was stopping is stopped, and one whose step had failed is failed', async () => {
    await createPipeline(killed, definition([waiting('Work')]));
    const stopping = await start(killed);
    await killed.until(() => (processes('Work').length === 1 ? true : undefined));
    const failing = definition([waiting('Slow'), shell('Bad', 'exit 1')]);
    await createPipeline(killed, failing, { PipelineName: 'failing' });
    const failed = await start(killed, {
      PipelineName: 'failing',
      ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
    });
    await killed.until(async () =>
      (await stepsOf(killed, failed)).some(({ StepStatus }) => StepStatus === 'Failed') ? true : undefined,
    );
    await killed.until(() => (processes('Slow').length === 1 ? true : undefined));
    void killed.answer('StopPipelineExecution', {
      PipelineExecutionArn: stopping,
      ClientRequestToken: 'one-token-of-at-least-thirty-two-characters',
    });
    kill();
    await next.start();
    expect(await end(next, stopping)).toMatchObject({ status: 'Stopped', statuses: { Work: 'Stopped' } });
    expect(await end(next, failed)).toMatchObject({ status: 'Failed', statuses: { Slow: 'Stopped', Bad: 'Failed' } });
    expect([processes('Work').length, processes('Slow').length, alive('Work'), alive('Slow')]).toEqual([1, 1, [], []]);
  });

  test('a version that was registered is not registered twice', async () => {
    await killed.put('s3://bucket/model.tar.gz', '');
    const register = {
      Name: 'Register',
      Type: 'RegisterModel',
      Arguments: {
        ModelPackageGroupName: 'group',
        InferenceSpecification: {
          Containers: [
            { Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/ml:1', ModelDataUrl: 's3://bucket/model.tar.gz' },
          ],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
        },
      },
    };
    const { arn } = await run(killed, definition([register]));
    kill();
    // As if the kill had come between the registration and the record of it.
    const file = join(killed.root, 'sagemaker', 'pipeline-executions', `${arn.split('/').at(-1)}.json`);
    const record = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
    writeFileSync(file, JSON.stringify({ ...record, PipelineExecutionStatus: 'Executing', Steps: [] }));
    await next.start();
    expect((await end(next, arn)).status).toBe('Succeeded');
    expect(await next.answer('ListModelPackages', { ModelPackageGroupName: 'group' })).toMatchObject({
      ModelPackageSummaryList: [{ ModelPackageVersion: 1 }],
    });
  });
});

describe('a state that a power cut has damaged', () => {
  const folder = (kind: string) => join(killed.root, 'sagemaker', kind);
  function damage(kind: string): void {
    for (const name of readdirSync(folder(kind)).filter((file) => file.endsWith('.json')))
      truncateSync(join(folder(kind), name), 20);
  }

  test.each(['pipeline-executions', 'processing-job', 'pipelines', 'pipeline-step-cache', 'pipeline-execution-tokens'])(
    'in %s is set aside, told, and lets the server start',
    async (kind) => {
      const cached = { CacheConfig: { Enabled: true } };
      await run(killed, definition([counting('Work', cached)]), {
        ClientRequestToken: 'one-token-of-at-least-thirty-two-characters',
      });
      kill();
      damage(kind);
      writeFileSync(join(folder(kind), 'half.json.123.draft'), '{"a":');
      await next.start();
      expect(next.messages.join('\n')).toMatch(
        new RegExp(`${kind}/[^/]+\\.json\\.unreadable: can't be read and was set aside`),
      );
      await createPipeline(next, definition([counting('Work', cached)]), { PipelineName: 'other' });
      expect((await run(next, undefined, { PipelineName: 'other' })).status).toBe('Succeeded');
      await next.answer('ListPipelines', {});
      await next.answer('ListProcessingJobs', {});
    },
  );

  test('in the definition of a running execution ends that execution and no other', async () => {
    await createPipeline(killed, definition([waiting('Work')]));
    const lost = await start(killed);
    const other = await start(killed);
    await killed.until(() => (processes('Work').length === 2 ? true : undefined));
    kill();
    truncateSync(join(folder('pipeline-execution-definitions'), `${lost.split('/').at(-1)}.json`), 10);
    await next.start();
    const { status, reason } = await end(next, lost);
    expect([status, reason]).toEqual(['Failed', expect.stringMatching(/^InternalServerError: the server can't go on/)]);
    letGo();
    expect((await end(next, other)).status).toBe('Succeeded');
    await next.answer('DeletePipeline', { PipelineName: 'pipe' });
  });
});

describe('a server that is closed in order', () => {
  test('ends its processes and leaves its executions to the next one', async () => {
    await createPipeline(killed, definition([waiting('Work')]));
    const arn = await start(killed);
    await killed.until(() => (processes('Work').length === 1 ? true : undefined));
    await killed.close();
    expect(alive('Work')).toEqual([]);
    await next.start();
    letGo();
    expect((await end(next, arn)).status).toBe('Succeeded');
    expect(processes('Work')).toHaveLength(2);
  });
});
