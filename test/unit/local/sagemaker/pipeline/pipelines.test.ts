import type { Json, JsonObject } from '../../../../../core/json';
import { PipelineFixture, ROLE } from './pipeline-fixture';
import { choose, createPipeline, definition, end, run, shell, start, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const PIPELINE = { PipelineName: 'pipe' };
const ARN = 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/pipe';
const SMALLEST = definition([tell('Tell', 'no')]);
const describePipeline = () => local.answer('DescribePipeline', PIPELINE);

describe('a pipeline', () => {
  test('is described as it was created', async () => {
    await createPipeline(local, SMALLEST);
    expect(await describePipeline()).toEqual({
      PipelineArn: ARN,
      PipelineName: 'pipe',
      PipelineDisplayName: 'pipe',
      PipelineDefinition: SMALLEST,
      PipelineStatus: 'Active',
      RoleArn: ROLE,
      CreationTime: expect.any(Number),
      LastModifiedTime: expect.any(Number),
    });
    expect(await local.answer('DescribePipeline', { PipelineName: ARN })).toMatchObject(PIPELINE);
  });

  test('is updated member by member', async () => {
    await createPipeline(local, SMALLEST, { PipelineDescription: 'old' });
    local.laterMs = 1000;
    await local.answer('UpdatePipeline', { ...PIPELINE, PipelineDisplayName: 'Pipe' });
    const { CreationTime, LastModifiedTime, ...rest } = await describePipeline();
    expect(rest).toMatchObject({
      PipelineDescription: 'old',
      PipelineDisplayName: 'Pipe',
      PipelineDefinition: SMALLEST,
    });
    expect(LastModifiedTime).toBeGreaterThan(CreationTime as number);
    const PipelineDefinition = definition([tell('Other', 'no')]);
    await local.answer('UpdatePipeline', { ...PIPELINE, PipelineDefinition });
    expect(await describePipeline()).toMatchObject({ PipelineDefinition, PipelineDisplayName: 'Pipe' });
  });

  test('stays as it was when it is updated with a definition that is wrong', async () => {
    await createPipeline(local, SMALLEST);
    await expect(
      local.answer('UpdatePipeline', { ...PIPELINE, PipelineDefinition: '{}', PipelineDescription: 'new' }),
    ).rejects.toMatchObject({ code: 'ValidationException' });
    expect(await describePipeline()).not.toHaveProperty('PipelineDescription');
  });

  test('may have its definition in S3', async () => {
    await local.put('s3://bucket/definition.json', SMALLEST);
    const create = (ObjectKey: string) =>
      createPipeline(local, '', {
        PipelineDefinition: null,
        PipelineDefinitionS3Location: { Bucket: 'bucket', ObjectKey },
      });
    await expect(create('none.json')).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining("PipelineDefinitionS3Location: can't read s3://bucket/none.json"),
    });
    await create('definition.json');
    expect(await describePipeline()).toMatchObject({ PipelineDefinition: SMALLEST });
  });

  test.each([
    [{ PipelineDefinition: null }, 'got neither'],
    [{ PipelineDefinitionS3Location: { Bucket: 'bucket', ObjectKey: 'k' } }, 'got both'],
    [{ ParallelismConfiguration: { MaxParallelExecutionSteps: 0 } }, 'greater than or equal to 1'],
    [{ PipelineName: 'a b' }, "Value 'a b' at 'pipelineName'"],
  ])('can not be created with %j', async (more, message) => {
    await expect(createPipeline(local, SMALLEST, more)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('is created once for the same token, and its name is its own', async () => {
    await createPipeline(local, SMALLEST);
    await createPipeline(local, SMALLEST);
    await expect(
      createPipeline(local, SMALLEST, { ClientRequestToken: 'another-token-of-at-least-thirty-two' }),
    ).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining('Pipeline with name (pipe) already exists'),
    });
  });

  test.each(['DescribePipeline', 'UpdatePipeline', 'ListPipelineExecutions'])(
    'that is not there is ResourceNotFound for %s',
    async (action) => {
      await expect(local.answer(action, PIPELINE)).rejects.toMatchObject({
        code: 'ResourceNotFound',
        message: "Pipeline 'pipe' does not exist.",
      });
    },
  );

  test('is listed by prefix, with its last run', async () => {
    for (const name of ['b-one', 'a-two', 'b-three']) await createPipeline(local, SMALLEST, { PipelineName: name });
    const names = async (input: JsonObject) =>
      ((await local.answer('ListPipelines', input)).PipelineSummaries as readonly JsonObject[]).map(
        ({ PipelineName }) => PipelineName,
      );
    expect(await names({ SortBy: 'Name', SortOrder: 'Ascending' })).toEqual(['a-two', 'b-one', 'b-three']);
    expect(await names({ SortBy: 'Name', PipelineNamePrefix: 'b' })).toEqual(['b-three', 'b-one']);
    await end(local, await start(local, { PipelineName: 'a-two' }));
    expect(await local.answer('ListPipelines', { PipelineNamePrefix: 'a' })).toMatchObject({
      PipelineSummaries: [{ PipelineName: 'a-two', LastExecutionTime: expect.any(Number) }],
    });
  });

  test('can not be deleted while it runs, and leaves its executions behind', async () => {
    await createPipeline(local, definition([shell('Work', 'sleep 60')]));
    const arn = await start(local);
    await expect(local.answer('DeletePipeline', PIPELINE)).rejects.toMatchObject({ code: 'ConflictException' });
    await local.answer('StopPipelineExecution', { PipelineExecutionArn: arn });
    await end(local, arn);
    await local.answer('DeletePipeline', PIPELINE);
    await expect(describePipeline()).rejects.toMatchObject({ code: 'ResourceNotFound' });
    expect(await local.answer('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
      PipelineExecutionStatus: 'Stopped',
    });
  });
});

describe('a definition', () => {
  const refused = (body: string) => createPipeline(local, body).catch((error: Error) => error);
  const step = (more: JsonObject) => ({ Name: 'A', Type: 'Fail', Arguments: {}, ...more });
  const gate = (condition: Json) => definition([choose('Gate', [condition])]);

  test.each([
    ['not json', /isn't JSON/],
    ['[]', /must be an object with a list Steps/],
    ['{"Steps":{}}', /must be an object with a list Steps/],
    [definition([], {}), /Steps: must hold a step, got none/],
    [definition([tell('A', 'x')], { Version: '1' }), /Version: must be 2020-12-01, got "1"/],
    [definition([tell('A', 'x')], { Parameters: {} }), /Parameters: must be a list, got {}/],
    [definition([tell('A', 'x')], { Parameters: [null] }), /Parameters\[0\]: must be a structure, got null/],
    [definition([tell('A', 'x')], { Parameters: [{ Name: 'P', Type: 'Text' }] }), /Type must be String, Integer/],
    [
      definition([tell('A', 'x')], { Parameters: [{ Name: 'P', Type: 'Integer', DefaultValue: 1.5 }] }),
      /Parameters\.P: DefaultValue must be of type Integer, got 1\.5/,
    ],
    [
      definition([tell('A', 'x')], {
        Parameters: [
          { Name: 'P', Type: 'String' },
          { Name: 'P', Type: 'String' },
        ],
      }),
      /Parameters\.P: stands twice/,
    ],
    [definition([null as never]), /Steps\[0\]: must be a structure, got null/],
    [definition([step({ Name: undefined })]), /Steps\[0\]: must have Name/],
    [definition([step({ Name: 'a b' })]), /Name must be 1 to 64/],
    [definition([step({ Name: 'a'.repeat(65) })]), /Name must be 1 to 64/],
    [definition([step({ Type: 'Magic' })]), /Type must be one of Processing, Training,.*got "Magic"/],
    [definition([step({ Arguments: undefined })]), /must have Arguments/],
    [definition([step({ DependsOn: 'B' })]), /Steps\[0\]\.DependsOn: must be a list/],
    [definition([step({ DependsOn: ['B'] })]), /Steps\.A: depends on step B, which isn't there/],
    [definition([tell('A', 'x'), tell('B', 'y', { DependsOn: ['A'] })]), /depends on A, a Fail step/],
    [definition([tell('A', 'x'), tell('A', 'y')]), /Steps\.A: stands twice/],
    [
      definition([shell('A', ':', { DependsOn: ['B'] }), shell('B', ':', { DependsOn: ['A'] })]),
      /Steps\.A: depends on itself/,
    ],
    [definition([shell('A', ':', { DependsOn: ['A'] })]), /Steps\.A: depends on itself/],
    [definition([tell('A', { Get: 'Parameters.X' })]), /refers to Parameters\.X, which isn't declared/],
    [definition([tell('A', { Get: 'Execution.X' })]), /refers to Execution\.X, which isn't there/],
    [definition([tell('A', { Get: 'Nowhere.X' })]), /a Get that can't be read, got "Nowhere\.X"/],
    [definition([tell('A', { Get: 'Steps.X.Y' })]), /depends on step X, which isn't there/],
    [
      definition([shell('W', ':'), tell('A', { Get: 'Steps.W.PropertyFiles.F' })]),
      /a property file that the step doesn't declare/,
    ],
    [
      definition([tell('A', 'x')], {
        PipelineExperimentConfig: { TrialName: { Get: 'PipelineExperimentConfig.TrialName' } },
      }),
      /refers to itself/,
    ],
    [definition([shell('A', ':', { Arguments: { RoleArn: undefined } })]), /missing required member RoleArn/],
    [definition([shell('A', ':', { Arguments: { Rolearn: 'x' } })]), /Rolearn: unknown member.*write RoleArn/],
    [definition([shell('A', ':', { CacheConfig: { Enabled: true, ExpireAfter: '30 days' } })]), /ISO 8601 duration/],
    [
      definition([
        shell('A', ':', {
          RetryPolicies: [{ ExceptionType: ['Step.SERVICE_FAULT'], MaxAttempts: 1, ExpireAfterMin: 1 }],
        }),
      ]),
      /MaxAttempts or ExpireAfterMin, got both/,
    ],
    [
      definition([shell('A', ':', { RetryPolicies: [{ ExceptionType: 'Step.SERVICE_FAULT' }] })]),
      /ExceptionType: must be a list/,
    ],
    [gate({ Type: 'Near', LeftValue: 1, RightValue: 1 }), /Conditions\[0\]: Type must be one of Equals/],
    [gate(null), /Conditions\[0\]: Type must be one of/],
    [gate({ Type: 'Equals', LeftValue: 1 }), /Conditions\[0\]: must have RightValue/],
    [gate({ Type: 'Not', Condition: { Type: 'In', QueryValue: 1 } }), /Conditions\[0\]\.Condition: must have Values/],
    [gate({ Type: 'Or', Conditions: [{ Type: 'X' }] }), /Conditions\[0\]\.Conditions\[0\]: Type must be/],
    [definition([choose('G', [], { IfSteps: {} })]), /IfSteps: must be a list/],
    [definition([choose('G', [], { IfSteps: [{ Name: 'A' }] })]), /IfSteps\[0\]: must have Type/],
  ])('like %s is refused', async (body, message) => {
    expect(await refused(body)).toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(message),
    });
    await expect(describePipeline()).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });

  test('is told of all that is wrong at once', async () => {
    const body = definition([tell('A', { Get: 'Parameters.X' }), tell('B', { Get: 'Parameters.Y' })]);
    expect(await refused(body)).toMatchObject({
      message: expect.stringMatching(/2 problems.*Parameters\.X.*Parameters\.Y/s),
    });
  });

  test('of more than 1,048,576 characters is refused', async () => {
    const fill = (more: number) =>
      definition([tell('A', 'x'.repeat(1_048_576 - definition([tell('A', '')]).length + more))]);
    expect(await refused(fill(1))).toMatchObject({ message: expect.stringContaining('1048576') });
    await createPipeline(local, fill(0));
  });

  test('may have null for an experiment, and names that objects have anyway', async () => {
    const body = definition([shell('constructor', ':'), shell('toString', ':')], { PipelineExperimentConfig: null });
    expect((await run(local, body)).statuses).toEqual({ constructor: 'Succeeded', toString: 'Succeeded' });
  });
});
