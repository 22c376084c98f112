import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { PipelineFixture } from './pipeline-fixture';
import { choose, createPipeline, definition, end, jobArn, run, type Step, shell, start } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

/** Writes its name to a list; `of` is a step whose job's name it is told. */
function listed(Name: string, of?: string): Step {
  return shell(Name, `echo "$NAME" >> $LIST; echo "$OF" > $o/of; [ ! -e $LIST.fail.$NAME ]`, {
    Arguments: {
      Environment: {
        NAME: Name,
        LIST: join(local.root, 'list'),
        OF: of === undefined ? '' : { Get: `Steps.${of}.ProcessingJobName` },
      },
    },
  });
}

const YES = { Type: 'Equals', LeftValue: 1, RightValue: 1 };
const NO = { Type: 'Equals', LeftValue: 1, RightValue: 2 };
const list = () => readFileSync(join(local.root, 'list'), 'utf8').trim().split('\n');
const select = (names: readonly string[], more: JsonObject = {}) => ({
  SelectiveExecutionConfig: { SelectedSteps: names.map((StepName) => ({ StepName })), ...more },
});
const chain = () => definition([listed('A'), listed('B', 'A'), listed('C', 'B')]);

describe('a selective execution', () => {
  test('runs what is selected and takes over what comes before it', async () => {
    const source = await run(local, chain());
    const ended = await run(local, undefined, select(['B'], { SourcePipelineExecutionArn: source.arn }));
    expect(ended.status).toBe('Succeeded');
    expect(ended.statuses).toEqual({ A: 'Succeeded', B: 'Succeeded' });
    expect(ended.steps[0]).toMatchObject({
      StepName: 'A',
      SelectiveExecutionResult: { SourcePipelineExecutionArn: source.arn },
      Metadata: source.steps[0]?.Metadata,
    });
    expect(list()).toEqual(['A', 'B', 'C', 'B']);
    const job = jobArn(source.steps[0], 'ProcessingJob').split('/').at(-1);
    expect(await local.text('s3://bucket/B/of')).toBe(`${job}\n`);
    expect(await local.answer('DescribePipelineExecution', { PipelineExecutionArn: ended.arn })).toMatchObject({
      SelectiveExecutionConfig: { SourcePipelineExecutionArn: source.arn, SelectedSteps: [{ StepName: 'B' }] },
    });
  });

  test('may be the source of another one', async () => {
    await run(local, chain());
    const second = await run(local, undefined, select(['B']));
    const third = await run(local, undefined, select(['C'], { SourcePipelineExecutionArn: second.arn }));
    expect([third.status, list()]).toEqual(['Succeeded', ['A', 'B', 'C', 'B', 'C']]);
  });

  test('takes the newest execution unless it names one, and may take one that failed', async () => {
    local.program('../list.fail.C', '');
    expect((await run(local, chain())).status).toBe('Failed');
    local.laterMs = 1000;
    const source = await run(local, undefined);
    local.laterMs = 2000;
    const { steps } = await run(local, undefined, select(['B']));
    expect(steps[0]).toMatchObject({ SelectiveExecutionResult: { SourcePipelineExecutionArn: source.arn } });
  });

  test('needs no source for steps that nothing comes before', async () => {
    expect((await run(local, chain(), select(['A', 'B']))).statuses).toEqual({ A: 'Succeeded', B: 'Succeeded' });
  });

  test('has the parameters of its source where the start gives none', async () => {
    const Parameters = ['X', 'Y'].map((Name) => ({ Name, Type: 'String', DefaultValue: 'default' }));
    await createPipeline(local, definition([listed('A')], { Parameters }));
    const given = (Name: string, Value: string) => ({ PipelineParameters: [{ Name, Value }] });
    const source = await end(local, await start(local, given('X', 'source')));
    const config = select(['A'], { SourcePipelineExecutionArn: source.arn });
    const ended = await end(local, await start(local, { ...config, ...given('Y', 'own') }));
    const { PipelineParameters } = await local.answer('ListPipelineParametersForExecution', {
      PipelineExecutionArn: ended.arn,
    });
    expect(PipelineParameters).toEqual([
      { Name: 'X', Value: 'source' },
      { Name: 'Y', Value: 'own' },
    ]);
  });

  test('runs a step of a branch whichever branch was chosen, and a condition without its branches', async () => {
    const body = definition([choose('Gate', [NO], { IfSteps: [listed('Then')], ElseSteps: [listed('Else')] })]);
    await run(local, body);
    expect((await run(local, undefined, select(['Then']))).statuses).toMatchObject({ Then: 'Succeeded' });
    expect((await run(local, undefined, select(['Gate']))).statuses).toEqual({ Gate: 'Succeeded' });
    expect(list()).toEqual(['Else', 'Then']);
  });

  test('follows the choice of a condition that is selected with a branch', async () => {
    const body = definition([choose('Gate', [YES], { IfSteps: [listed('Then')], ElseSteps: [listed('Else')] })]);
    const ended = await run(local, body, select(['Gate', 'Then', 'Else']));
    expect(ended.statuses).toEqual({ Gate: 'Succeeded', Then: 'Succeeded' });
  });

  test.each([
    [['X'], 'SelectedSteps: the pipeline has no step X; it has A, B, C'],
    [['A', 'C'], 'SelectedSteps: B stands between A and C; select it too'],
    [[], "'selectiveExecutionConfig.selectedSteps'"],
  ])('of %j is refused', async (names, message) => {
    await run(local, chain());
    await expect(start(local, select(names))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  test('is refused without an execution that it can take its steps from', async () => {
    await createPipeline(local, chain());
    await expect(start(local, select(['B']))).rejects.toThrow('A must come from an earlier execution, got none');
    local.program('../list.fail.A', '');
    const failed = await end(local, await start(local));
    await expect(start(local, select(['B']))).rejects.toThrow(`A hasn't succeeded in ${failed.arn}`);
    await createPipeline(local, chain(), { PipelineName: 'other' });
    const other = select(['B'], { SourcePipelineExecutionArn: failed.arn });
    await expect(start(local, { PipelineName: 'other', ...other })).rejects.toThrow('must be an execution of other');
  });
});
