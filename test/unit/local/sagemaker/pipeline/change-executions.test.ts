import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { identify } from '../../../../../local/container/process-identity';
import { PipelineFixture } from './pipeline-fixture';
import { createPipeline, definition, end, jobArn, run, shell, start, stepsOf, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const TOKEN = 'one-token-of-at-least-thirty-two-characters';
const WAIT = 'echo $$ > $MARK; sleep 60';
const mark = () => join(local.root, 'mark');
const waiting = (name: string, script = WAIT) => shell(name, script, { Arguments: { Environment: { MARK: mark() } } });
/** The shell makes the file, and writes to it a moment later. */
const isMarked = () => existsSync(mark()) && readFileSync(mark(), 'utf8').endsWith('\n');
const marked = () => local.until(() => (isMarked() ? true : undefined));
const describeExecution = (PipelineExecutionArn: string) =>
  local.answer('DescribePipelineExecution', { PipelineExecutionArn });
describe('an execution that is stopped', () => {
  test('ends its jobs with all that they have started, and starts nothing further', async () => {
    await createPipeline(
      local,
      definition([waiting('Work', `sleep 61 & ${WAIT}`), shell('Next', ':', { DependsOn: ['Work'] })]),
    );
    const arn = await start(local);
    await marked();
    const step = await local.until(async () => (await stepsOf(local, arn)).find(({ Metadata }) => Metadata));
    await local.answer('StopPipelineExecution', { PipelineExecutionArn: arn, ClientRequestToken: TOKEN });
    expect(await describeExecution(arn)).toMatchObject({ PipelineExecutionStatus: 'Stopping' });
    const ended = await end(local, arn);
    expect([ended.status, ended.statuses]).toEqual(['Stopped', { Work: 'Stopped' }]);
    const name = jobArn(step, 'ProcessingJob').split('/').at(-1);
    expect(await local.answer('DescribeProcessingJob', { ProcessingJobName: name })).toMatchObject({
      ProcessingJobStatus: 'Stopped',
    });
    expect(identify(Number(readFileSync(mark(), 'utf8')))).toBeUndefined();
  });

  test('starts no job for a step that was still being looked up in the cache', async () => {
    const cached = waiting('Work');
    await createPipeline(local, definition([{ ...cached, CacheConfig: { Enabled: true } }]));
    let answer = () => {};
    local.storage.list = () =>
      new Promise((resolve) => {
        answer = () => resolve([]);
      });
    await local.put('s3://bucket/raw/a', 'a');
    const S3Input = { S3Uri: 's3://bucket/raw', LocalPath: '/opt/ml/processing/input', S3DataType: 'S3Prefix' };
    const Arguments = { ...(cached.Arguments as JsonObject), ProcessingInputs: [{ InputName: 'raw', S3Input }] };
    await local.answer('UpdatePipeline', {
      PipelineName: 'pipe',
      PipelineDefinition: definition([{ ...cached, Arguments, CacheConfig: { Enabled: true } }]),
    });
    const arn = await start(local);
    await local.answer('StopPipelineExecution', { PipelineExecutionArn: arn, ClientRequestToken: TOKEN });
    await local.until(() => {
      answer();
      return local.events.some(({ detail }) => detail.currentPipelineExecutionStatus === 'Stopped') ? true : undefined;
    });
    expect((await end(local, arn)).statuses).toEqual({ Work: 'Stopped' });
    expect(await local.answer('ListProcessingJobs', {})).toEqual({ ProcessingJobSummaries: [] });
  });

  test('may be stopped again while it stops, and not once it has ended', async () => {
    await createPipeline(local, definition([waiting('Work')]));
    const arn = await start(local);
    const stop = () => local.answer('StopPipelineExecution', { PipelineExecutionArn: arn, ClientRequestToken: TOKEN });
    await marked();
    expect(await Promise.all([stop(), stop()])).toEqual([{ PipelineExecutionArn: arn }, { PipelineExecutionArn: arn }]);
    await end(local, arn);
    await expect(stop()).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('only an execution that is Executing can be stopped, got Stopped'),
    });
  });
});

describe('an execution that is retried', () => {
  const retry = (PipelineExecutionArn: string, more: JsonObject = {}) =>
    local.answer('RetryPipelineExecution', { PipelineExecutionArn, ClientRequestToken: TOKEN, ...more });

  test('keeps what has succeeded and runs the rest', async () => {
    const body = definition([
      shell('First', 'echo once >> $MARK.first', { Arguments: { Environment: { MARK: mark() } } }),
      shell('Second', '[ -e $MARK ]', { DependsOn: ['First'], Arguments: { Environment: { MARK: mark() } } }),
      shell('Third', ':', { DependsOn: ['Second'] }),
    ]);
    const failed = await run(local, body);
    expect([failed.status, failed.statuses]).toEqual(['Failed', { First: 'Succeeded', Second: 'Failed' }]);
    local.program('../mark', '');
    await retry(failed.arn);
    const ended = await end(local, failed.arn);
    expect([ended.status, ended.reason, ended.statuses]).toEqual([
      'Succeeded',
      undefined,
      { First: 'Succeeded', Second: 'Succeeded', Third: 'Succeeded' },
    ]);
    expect(readFileSync(`${mark()}.first`, 'utf8')).toBe('once\n');
  });

  test('stays as it is if what it runs is lost', async () => {
    const { arn } = await run(local, definition([tell('Tell', 'no')]));
    rmSync(join(local.root, 'sagemaker', 'pipeline-execution-definitions'), { recursive: true });
    await expect(retry(arn)).rejects.toThrow('JSON');
    expect(await describeExecution(arn)).toMatchObject({ PipelineExecutionStatus: 'Failed' });
  });

  test('is retried once for the same token, and only after it has failed or was stopped', async () => {
    const { arn } = await run(local, definition([tell('Tell', 'no')]));
    await retry(arn, { ParallelismConfiguration: { MaxParallelExecutionSteps: 3 } });
    await retry(arn);
    await end(local, arn);
    expect(await describeExecution(arn)).toMatchObject({ ParallelismConfiguration: { MaxParallelExecutionSteps: 3 } });
    await retry(arn);
    const starts = local.events.filter(({ detail }) => detail.currentPipelineExecutionStatus === 'Executing');
    expect(starts).toHaveLength(2);
    await local.answer('UpdatePipeline', {
      PipelineName: 'pipe',
      PipelineDefinition: definition([shell('Work', ':')]),
    });
    const succeeded = await run(local, undefined);
    await expect(retry(succeeded.arn)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('only an execution that is Failed or Stopped can be retried, got Succeeded'),
    });
  });
});

describe('an execution that is updated', () => {
  const update = (PipelineExecutionArn: string, more: JsonObject) =>
    local.answer('UpdatePipelineExecution', { PipelineExecutionArn, ...more });

  test('has another name from then on, also after its end', async () => {
    const { arn } = await run(local, definition([shell('Work', ':')]));
    await update(arn, { PipelineExecutionDisplayName: 'best', PipelineExecutionDescription: 'so far' });
    expect(await describeExecution(arn)).toMatchObject({
      PipelineExecutionDisplayName: 'best',
      PipelineExecutionDescription: 'so far',
      PipelineExecutionStatus: 'Succeeded',
    });
  });

  const gate = (index: number) =>
    shell(`s${index}`, 'touch $MARK.$NAME; until [ -e $MARK ]; do sleep 0.01; done', {
      Arguments: { Environment: { MARK: mark(), NAME: String(index) } },
    });
  const running = () => [0, 1, 2, 3, 4].filter((index) => existsSync(`${mark()}.${index}`)).length;

  test('starts further steps as soon as it may run more at a time', async () => {
    await createPipeline(local, definition([0, 1, 2, 3, 4].map(gate)));
    const arn = await start(local, { ParallelismConfiguration: { MaxParallelExecutionSteps: 1 } });
    await local.until(() => (running() === 1 ? true : undefined));
    await update(arn, { ParallelismConfiguration: { MaxParallelExecutionSteps: 3 } });
    await local.until(() => (running() === 3 ? true : undefined));
    local.program('../mark', '');
    expect((await end(local, arn)).status).toBe('Succeeded');
  });

  test('starts none while more run than may', async () => {
    const holds = [0, 1].map(gate);
    const quick = [2, 3, 4].map((index) => shell(`s${index}`, ':', { DependsOn: ['Quick'] }));
    await createPipeline(
      local,
      definition([
        ...holds,
        shell('Quick', 'until [ -e $MARK.go ]; do sleep 0.01; done', { Arguments: { Environment: { MARK: mark() } } }),
        ...quick,
      ]),
    );
    const arn = await start(local, { ParallelismConfiguration: { MaxParallelExecutionSteps: 3 } });
    await local.until(() => (running() === 2 ? true : undefined));
    await update(arn, { ParallelismConfiguration: { MaxParallelExecutionSteps: 1 } });
    local.program('../mark.go', '');
    await local.until(async () =>
      (await stepsOf(local, arn)).some((step) => step.StepName === 'Quick' && step.StepStatus === 'Succeeded')
        ? true
        : undefined,
    );
    expect((await stepsOf(local, arn)).map(({ StepName }) => StepName).sort()).toEqual(['Quick', 's0', 's1']);
    local.program('../mark', '');
    expect((await end(local, arn)).steps).toHaveLength(6);
  });

  test('may not run 0 steps at a time', async () => {
    const { arn } = await run(local, definition([shell('Work', ':')]));
    for (const MaxParallelExecutionSteps of [0, -1, 1.5])
      await expect(update(arn, { ParallelismConfiguration: { MaxParallelExecutionSteps } })).rejects.toMatchObject({
        code: 'ValidationException',
      });
  });
});
