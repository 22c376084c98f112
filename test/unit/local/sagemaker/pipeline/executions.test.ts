import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { Collection, Journal } from '../../../../../local/sagemaker/store';
import { PipelineFixture } from './pipeline-fixture';
import { choose, createPipeline, definition, end, run, shell, start, stepsOf, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const TOKEN = 'one-token-of-at-least-thirty-two-characters';
const WAIT = 'echo $$ > $MARK; sleep 60';
const mark = () => join(local.root, 'mark');
const waiting = (name: string, script = WAIT) => shell(name, script, { Arguments: { Environment: { MARK: mark() } } });
const marked = () => local.until(() => (existsSync(mark()) ? true : undefined));
const describeExecution = (PipelineExecutionArn: string) =>
  local.answer('DescribePipelineExecution', { PipelineExecutionArn });
const listExecutions = async () =>
  (await local.answer('ListPipelineExecutions', { PipelineName: 'pipe' }))
    .PipelineExecutionSummaries as readonly JsonObject[];

describe('an execution', () => {
  test('is described and listed', async () => {
    const { arn } = await run(local, definition([shell('Work', ':', { DisplayName: 'Works', Description: 'it' })]), {
      PipelineExecutionDisplayName: 'first',
      PipelineExecutionDescription: 'why',
    });
    expect(arn).toMatch(/^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/pipe\/execution\/[a-z0-9]{12}$/);
    expect(await describeExecution(arn)).toEqual({
      PipelineArn: arn.split('/execution/')[0],
      PipelineExecutionArn: arn,
      PipelineExecutionDisplayName: 'first',
      PipelineExecutionDescription: 'why',
      PipelineExecutionStatus: 'Succeeded',
      CreationTime: expect.any(Number),
      LastModifiedTime: expect.any(Number),
    });
    expect(await listExecutions()).toMatchObject([
      { PipelineExecutionArn: arn, PipelineExecutionStatus: 'Succeeded', PipelineExecutionDisplayName: 'first' },
    ]);
    expect(await stepsOf(local, arn)).toEqual([
      {
        StepName: 'Work',
        StepDisplayName: 'Works',
        StepDescription: 'it',
        StepStatus: 'Succeeded',
        StartTime: expect.any(Number),
        EndTime: expect.any(Number),
        AttemptCount: 1,
        Metadata: { ProcessingJob: { Arn: expect.stringMatching(/processing-job\/pipelines-/) } },
      },
    ]);
  });

  test('is named after its time unless it is given a name', async () => {
    const { arn } = await run(local, definition([shell('Work', ':')]));
    expect(await describeExecution(arn)).toMatchObject({
      PipelineExecutionDisplayName: expect.stringMatching(/^execution-\d{13}$/),
    });
  });

  test('has the definition of its start, whatever becomes of the pipeline', async () => {
    const body = definition([
      waiting('Work', 'touch $MARK; until [ -e $MARK.go ]; do sleep 0.01; done'),
      shell('Next', ':', { DependsOn: ['Work'] }),
    ]);
    await createPipeline(local, body);
    const arn = await start(local);
    await marked();
    await local.answer('UpdatePipeline', { PipelineName: 'pipe', PipelineDefinition: definition([tell('No', 'no')]) });
    local.program('../mark.go', '');
    expect((await end(local, arn)).statuses).toEqual({ Work: 'Succeeded', Next: 'Succeeded' });
    expect(await local.answer('DescribePipelineDefinitionForExecution', { PipelineExecutionArn: arn })).toEqual({
      PipelineDefinition: body,
      CreationTime: expect.any(Number),
    });
  });

  test('is started once for the same token', async () => {
    await createPipeline(local, definition([shell('Work', ':')]));
    const first = await start(local, { ClientRequestToken: TOKEN });
    expect(await start(local, { ClientRequestToken: TOKEN })).toBe(first);
    await end(local, first);
    expect(await start(local, { ClientRequestToken: TOKEN })).toBe(first);
    expect(await end(local, await start(local, { ClientRequestToken: `${TOKEN}2` }))).not.toMatchObject({ arn: first });
    expect(await listExecutions()).toHaveLength(2);
  });

  test('is not left half begun by a start that can not be written down, and is started by the next with its token', async () => {
    await createPipeline(local, definition([shell('Work', ':')]));
    const inTheWay = join(local.root, 'sagemaker', 'pipelines', `pipe.json.${process.pid}.draft`);
    mkdirSync(inTheWay);
    await expect(start(local, { ClientRequestToken: TOKEN })).rejects.toThrow('EISDIR');
    expect(await listExecutions()).toEqual([]);
    rmSync(inTheWay, { recursive: true });
    const { arn, status } = await run(local, undefined, { ClientRequestToken: TOKEN });
    expect(status).toBe('Succeeded');
    // As if the server had been killed between the token and the execution.
    rmSync(join(local.root, 'sagemaker', 'pipeline-executions', `${arn.split('/').at(-1)}.json`));
    expect((await run(local, undefined, { ClientRequestToken: TOKEN })).status).toBe('Succeeded');
  });

  test('that can not be written any more fails, and tells what its steps came to', async () => {
    await createPipeline(local, definition([waiting('Slow'), shell('Quick', ':')]));
    // oxlint-disable-next-line typescript/unbound-method -- it is called on what it belongs to
    const { append } = Journal.prototype;
    jest.spyOn(Journal.prototype, 'append').mockImplementation(function (this: Journal<JsonObject>, name, entries) {
      if (JSON.stringify(entries).includes('EndTime')) throw new Error('no space left');
      append.call(this, name, entries);
    });
    // oxlint-disable-next-line typescript/unbound-method -- as above
    const { put } = Collection.prototype;
    jest.spyOn(Collection.prototype, 'put').mockImplementation(function (this: Collection<object>, name, record) {
      if (JSON.stringify(record).includes('"Stopping"')) throw new Error('no space left');
      put.call(this, name, record);
    });
    const arn = await start(local, { ParallelismConfiguration: { MaxParallelExecutionSteps: 2 } });
    const ended = await end(local, arn).finally(() => jest.restoreAllMocks());
    expect([ended.status, ended.reason, ended.statuses]).toEqual([
      'Failed',
      'InternalServerError: no space left',
      { Slow: 'Stopped', Quick: 'Failed' },
    ]);
  });

  test('publishes each change of its own and of its steps', async () => {
    await run(local, definition([choose('Gate', [], { IfSteps: [shell('Work', ':')] })]));
    const own = local.events.filter((event) => event['detail-type'].includes('Pipeline'));
    const changes = own.map(({ detail }) => [
      detail.stepName ?? 'execution',
      detail.previousStepStatus ?? detail.previousPipelineExecutionStatus,
      detail.currentStepStatus ?? detail.currentPipelineExecutionStatus,
    ]);
    expect(changes).toEqual([
      ['execution', undefined, 'Executing'],
      ['Gate', undefined, 'Starting'],
      ['Gate', 'Starting', 'Executing'],
      ['Gate', 'Executing', 'Succeeded'],
      ['Work', undefined, 'Starting'],
      ['Work', 'Starting', 'Executing'],
      ['Work', 'Executing', 'Succeeded'],
      ['execution', 'Executing', 'Succeeded'],
    ]);
  });

  test.each([
    ['DescribePipelineExecution'],
    ['DescribePipelineDefinitionForExecution'],
    ['ListPipelineExecutionSteps'],
    ['ListPipelineParametersForExecution'],
    ['StopPipelineExecution', { ClientRequestToken: TOKEN }],
    ['RetryPipelineExecution', { ClientRequestToken: TOKEN }],
    ['UpdatePipelineExecution'],
  ])('that is not there is ResourceNotFound for %s', async (action, more: JsonObject = {}) => {
    const PipelineExecutionArn = 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/pipe/execution/abcdefghijkl';
    await expect(local.answer(action, { PipelineExecutionArn, ...more })).rejects.toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  test('does not disturb another one of the same pipeline', async () => {
    const Parameters = [{ Name: 'Text', Type: 'String' }];
    const work = shell('Work', 'echo "$TEXT" > $o/text', {
      Arguments: { Environment: { TEXT: { Get: 'Parameters.Text' } } },
    });
    const output = (work.Arguments as { ProcessingOutputConfig: { Outputs: { S3Output: JsonObject }[] } })
      .ProcessingOutputConfig.Outputs[0];
    if (output)
      output.S3Output = {
        ...output.S3Output,
        S3Uri: { 'Std:Join': { On: '/', Values: ['s3://bucket', { Get: 'Execution.PipelineExecutionId' }] } },
      };
    await createPipeline(local, definition([work], { Parameters }));
    const texts = ['a', 'b', 'c'];
    const arns = await Promise.all(
      texts.map((Value) => start(local, { PipelineParameters: [{ Name: 'Text', Value }] })),
    );
    const ended = await Promise.all(arns.map((arn) => end(local, arn)));
    expect(ended.map(({ status }) => status)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
    const written = arns.map((arn) => local.text(`s3://bucket/${arn.split('/').at(-1)}/text`));
    expect(await Promise.all(written)).toEqual(['a\n', 'b\n', 'c\n']);
  });
});

describe('parameters', () => {
  const Parameters = [
    { Name: 'S', Type: 'String', DefaultValue: 'a', EnumValues: ['a', 'b'] },
    { Name: 'I', Type: 'Integer', DefaultValue: 1 },
    { Name: 'F', Type: 'Float', DefaultValue: 0.5 },
    { Name: 'B', Type: 'Boolean', DefaultValue: false },
    { Name: 'Needed', Type: 'String' },
  ];
  const given = (values: Readonly<Record<string, string>>) => ({
    PipelineParameters: Object.entries(values).map(([Name, Value]) => ({ Name, Value })),
  });

  beforeEach(() => createPipeline(local, definition([shell('Work', ':')], { Parameters })));

  test('come from the start, else from the definition, and are listed', async () => {
    const { arn } = await end(local, await start(local, given({ Needed: 'x', I: '-7', B: 'True', F: '1e-3' })));
    const { PipelineParameters } = await local.answer('ListPipelineParametersForExecution', {
      PipelineExecutionArn: arn,
    });
    expect(PipelineParameters).toEqual([
      { Name: 'B', Value: 'true' },
      { Name: 'F', Value: '0.001' },
      { Name: 'I', Value: '-7' },
      { Name: 'Needed', Value: 'x' },
      { Name: 'S', Value: 'a' },
    ]);
  });

  test.each([
    [{}, 'Parameters.Needed: has no default, got no value; give one at the start'],
    [{ Needed: '', Other: 'x' }, 'Parameters.Other: the pipeline has no such parameter; it has S, I, F, B, Needed'],
    [{ Needed: '', S: 'c' }, 'Parameters.S: must be one of a, b, got "c"; choose one'],
    [{ Needed: '', I: '1.5' }, 'Parameters.I: must be an Integer, got 1.5; correct it'],
    [{ Needed: '', I: '' }, 'Parameters.I: must be an Integer, got '],
    [{ Needed: '', I: '9007199254740993' }, 'Parameters.I: must be an Integer'],
    [{ Needed: '', F: 'NaN' }, 'Parameters.F: must be a Float, got NaN'],
    [{ Needed: '', F: 'Infinity' }, 'Parameters.F: must be a Float'],
    [{ Needed: '', F: '0x10' }, 'Parameters.F: must be a Float'],
    [{ Needed: '', B: '1' }, 'Parameters.B: must be a Boolean'],
    [{ Needed: '', B: 'constructor' }, 'Parameters.B: must be a Boolean'],
  ])('%j are refused before anything starts', async (values, message) => {
    await expect(start(local, given(values as Record<string, string>))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect(await listExecutions()).toEqual([]);
  });

  test('are told of all that is wrong at once', async () => {
    await expect(start(local, given({ I: 'x', B: 'x' }))).rejects.toThrow(
      /Parameters\.I.*\n.*Parameters\.B.*\n.*Needed/,
    );
  });

  test('may not be given twice', async () => {
    const PipelineParameters = [
      { Name: 'Needed', Value: 'a' },
      { Name: 'Needed', Value: 'b' },
    ];
    await expect(start(local, { PipelineParameters })).rejects.toThrow('Parameters.Needed: is given twice');
  });
});
