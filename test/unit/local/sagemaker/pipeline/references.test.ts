import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../../../../core/json';
import { PipelineFixture } from './pipeline-fixture';
import { choose, createPipeline, definition, end, run, shell, start, stepsOf, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const get = (Get: string) => ({ Get });
const join = (On: string, ...Values: Json[]) => ({ 'Std:Join': { On, Values } });

/** What a value stands for after a step Work has run. */
async function told(
  value: Json,
  { more, script = ':', work }: { more?: JsonObject; script?: string; work?: JsonObject } = {},
) {
  const body = definition([shell('Work', script, work), tell('Tell', value, { DependsOn: ['Work'] })], more);
  const { arn, steps } = await run(local, body);
  return { arn, text: steps.find(({ StepName }) => StepName === 'Tell')?.FailureReason };
}

describe('a reference', () => {
  test('to a parameter keeps its type, and a join makes a text of it', async () => {
    const Parameters = [
      { Name: 'S', Type: 'String', DefaultValue: 'text' },
      { Name: 'I', Type: 'Integer', DefaultValue: 3 },
      { Name: 'F', Type: 'Float', DefaultValue: 0.5 },
      { Name: 'B', Type: 'Boolean', DefaultValue: true },
    ];
    const all = ['S', 'I', 'F', 'B'].map((name) => get(`Parameters.${name}`));
    expect((await told(join('/', ...all), { more: { Parameters } })).text).toBe('text/3/0.5/true');
  });

  test('to the execution names it', async () => {
    const names = ['PipelineName', 'PipelineArn', 'PipelineExecutionId', 'PipelineExecutionArn'];
    const { arn, text } = await told(join(' ', ...names.map((name) => get(`Execution.${name}`))));
    expect(text).toBe(`pipe ${arn.split('/execution/')[0]} ${arn.split('/').at(-1)} ${arn}`);
  });

  test('to the time of the start stays the same, to the current one it goes on', async () => {
    const { text = '' } = await told(join(' ', get('Execution.StartDateTime'), get('Execution.CurrentDateTime')), {
      script: 'sleep 0.05',
    });
    const [begin = '', now = ''] = text.split(' ');
    expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(begin) + 50);
  });

  test('to the name of a job is the name that the job gets', async () => {
    await run(
      local,
      definition([
        shell('Work', 'echo "$NAME"', { Arguments: { Environment: { NAME: get('Execution.ProcessingJobName') } } }),
      ]),
    );
    const { ProcessingJobSummaries } = await local.answer('ListProcessingJobs', {});
    const [{ ProcessingJobName = '' } = {}] = ProcessingJobSummaries as readonly JsonObject[];
    expect(ProcessingJobName).toMatch(/^pipelines-[a-z0-9]{12}-Work-[a-z0-9]{10}$/);
    expect(local.log(ProcessingJobName as string)).toBe(`${ProcessingJobName as string}\n`);
  });

  test('to the experiment goes on to what that refers to', async () => {
    const more = {
      PipelineExperimentConfig: {
        ExperimentName: get('Execution.PipelineName'),
        TrialName: join('-', 't', get('Execution.PipelineExecutionId')),
      },
    };
    const value = join(' ', get('PipelineExperimentConfig.ExperimentName'), get('PipelineExperimentConfig.TrialName'));
    const { arn, text } = await told(value, { more });
    const trial = `t-${arn.split('/').at(-1)}`;
    expect(text).toBe(`pipe ${trial}`);
    expect(await local.answer('DescribePipelineExecution', { PipelineExecutionArn: arn })).toMatchObject({
      PipelineExperimentConfig: { ExperimentName: 'pipe', TrialName: trial },
    });
  });

  test.each([
    ["Steps.Work.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri", 's3://bucket/Work'],
    ['Steps.Work.ProcessingOutputConfig.Outputs["out"].S3Output.S3Uri', 's3://bucket/Work'],
    ['Steps.Work.ProcessingOutputConfig.Outputs[0].OutputName', 'out'],
    ["Steps.Work.ProcessingInputs['raw'].S3Input.S3Uri", 's3://bucket/raw'],
    ["Steps.Work.Environment['A_B']", 'value'],
    ['Steps.Work.AppSpecification.ContainerEntrypoint[0]', 'sh'],
    ['Steps.Work.ProcessingResources.ClusterConfig.VolumeSizeInGB', '1'],
    ['Steps.Work.ProcessingJobStatus', 'Completed'],
    ['Steps.Work.ExitMessage', 'done'],
  ])('to %s reads it from what the step left', async (path, expected) => {
    await local.put('s3://bucket/raw/a', 'a');
    const S3Input = { S3Uri: 's3://bucket/raw', LocalPath: '/opt/ml/processing/input', S3DataType: 'S3Prefix' };
    const { text } = await told(get(path), {
      script: 'echo done > $SAGEMAKER_BASE_DIR/output/message',
      work: { Arguments: { ProcessingInputs: [{ InputName: 'raw', S3Input }], Environment: { A_B: 'value' } } },
    });
    expect(text).toBe(expected);
  });

  test.each([
    'Steps.Work.Nothing',
    "Steps.Work.ProcessingOutputConfig.Outputs['none'].S3Output.S3Uri",
    'Steps.Work.ProcessingOutputConfig.Outputs[1].OutputName',
    "Steps.Work.AppSpecification.ContainerEntrypoint['sh']",
    'Steps.Work.constructor',
  ])('to %s, which is not there, says so', async (path) => {
    expect((await told(get(path))).text).toBe(
      `${path}: leads to nothing; check the name, and that the step before it has this property`,
    );
  });

  test('makes its step wait for the one that it names', async () => {
    const body = definition([
      shell('Second', 'echo', { Arguments: { Environment: { OF: get('Steps.First.ProcessingJobName') } } }),
      shell('First', ':'),
    ]);
    expect((await run(local, body)).steps.map(({ StepName }) => StepName)).toEqual(['First', 'Second']);
  });
});

describe('a value out of a JSON document', () => {
  const FILE = { PropertyFileName: 'Metrics', OutputName: 'out', FilePath: 'sub/m.json' };
  const fromFile = (Path: string) => ({
    'Std:JsonGet': { PropertyFile: get('Steps.Work.PropertyFiles.Metrics'), Path },
  });
  const fromS3 = (Path: string) => ({
    'Std:JsonGet': {
      S3Uri: join('/', get("Steps.Work.ProcessingOutputConfig.Outputs['out'].S3Output.S3Uri"), 'sub/m.json'),
      Path,
    },
  });
  const write = (json: string) => ({
    script: `mkdir $o/sub; echo '${json}' > $o/sub/m.json`,
    work: { PropertyFiles: [FILE] },
  });

  test.each([
    ['a property file', fromFile],
    ['an S3 URI', fromS3],
  ])('by %s goes into joins', async (_, from) => {
    const value = join(' ', from('rmse.value'), from('list[1].a'), from("$['odd key']"), join('', from('yes'), '!'));
    const { text } = await told(value, write('{"rmse":{"value":1.5},"list":[0,{"a":"b"}],"odd key":-2,"yes":true}'));
    expect(text).toBe('1.5 b -2 true!');
  });

  test('keeps its type', async () => {
    const step = (Name: string, RightValue: Json) =>
      choose(Name, [{ Type: 'Equals', LeftValue: fromFile('n'), RightValue }], {});
    const { script, work } = write('{"n":1}');
    const { steps } = await run(local, definition([shell('Work', script, work), step('Number', 1), step('Text', '1')]));
    expect(steps.find(({ StepName }) => StepName === 'Number')?.Metadata).toEqual({ Condition: { Outcome: 'True' } });
    expect(steps.find(({ StepName }) => StepName === 'Text')?.FailureReason).toContain('1 (number) and "1" (string)');
  });

  test.each([
    ['{"a":1}', 'b', /must hold a number, a text or a truth value at b, got nothing/],
    ['{"a":{"b":1}}', 'a', /at a, got {"b":1}/],
    ['{"a":null}', 'a', /at a, got null/],
    ['{"a":1}', 'a..b', /Path must be a path such as a.b\[0\], got a\.\.b/],
    ['{"a":', 'a', /s3:\/\/bucket\/Work\/sub\/m\.json isn't JSON/],
  ])('of %s at %s is refused', async (json, path, message) => {
    expect((await told(fromFile(path), write(json))).text).toMatch(message);
  });

  test('that the step did not write says so', async () => {
    const { text } = await told(fromFile('a'), { work: { PropertyFiles: [FILE] } });
    expect(text).toMatch(
      /^Std:JsonGet: can't read s3:\/\/bucket\/Work\/sub\/m\.json, got ENOENT.*check that the step writes it$/,
    );
  });

  test('of an output that the step lacks says so', async () => {
    const work = { PropertyFiles: [{ ...FILE, OutputName: 'none' }] };
    expect((await told(fromFile('a'), { work })).text).toContain(
      'step Work has no output none for property file Metrics',
    );
  });
});

describe('the order of an execution', () => {
  test('is that of DependsOn where nothing is referred to', async () => {
    const body = definition([
      shell('C', ':', { DependsOn: ['B'] }),
      shell('B', ':', { DependsOn: ['A'] }),
      shell('A', ':'),
    ]);
    expect((await run(local, body)).steps.map(({ StepName }) => StepName)).toEqual(['A', 'B', 'C']);
  });

  test('stops where a step fails, and lets those that run go to their end', async () => {
    const body = definition([
      shell('Bad', 'until [ -e $FROM ]; do sleep 0.01; done; exit 1', {
        Arguments: { Environment: { FROM: local.root + '/slow' } },
      }),
      shell('Slow', 'touch $FROM; until [ -e $FROM.go ]; do sleep 0.01; done', {
        Arguments: { Environment: { FROM: local.root + '/slow' } },
      }),
      shell('Next', ':', { DependsOn: ['Slow'] }),
      shell('Never', ':', { DependsOn: ['Bad'] }),
    ]);
    await createPipeline(local, body);
    const arn = await start(local, { ParallelismConfiguration: { MaxParallelExecutionSteps: 2 } });
    await local.until(async () => (await stepsOf(local, arn)).find(({ StepStatus }) => StepStatus === 'Failed'));
    local.program('../slow.go', '');
    const ended = await end(local, arn);
    expect(ended.statuses).toEqual({ Bad: 'Failed', Slow: 'Succeeded' });
    expect(ended.status).toBe('Failed');
    expect(ended.reason).toMatch(/^Step failure: One or multiple steps failed\. Bad: AlgorithmError: .*exit code: 1$/);
  });

  test.each([1, 3])('has at most %d steps at a time', async (most) => {
    const count = `cd ${local.root}; touch running.$$; ls running.* | wc -l >> most; sleep 0.05; rm running.$$`;
    const body = definition(Array.from({ length: 6 }, (_, index) => shell(`s${index}`, count)));
    await run(local, body, { ParallelismConfiguration: { MaxParallelExecutionSteps: most } });
    const seen = readFileSync(`${local.root}/most`, 'utf8').trim().split('\n').map(Number);
    expect(seen).toHaveLength(6);
    expect(Math.max(...seen)).toBeLessThanOrEqual(most);
  });

  test('has as many at a time as the pipeline says, unless the start says otherwise', async () => {
    await createPipeline(local, definition([shell('a', ':')]), {
      ParallelismConfiguration: { MaxParallelExecutionSteps: 4 },
    });
    const parallelism = async (more: JsonObject) => {
      const { arn } = await end(local, await start(local, more));
      const { ParallelismConfiguration } = await local.answer('DescribePipelineExecution', {
        PipelineExecutionArn: arn,
      });
      return ParallelismConfiguration;
    };
    expect(await parallelism({})).toEqual({ MaxParallelExecutionSteps: 4 });
    expect(await parallelism({ ParallelismConfiguration: { MaxParallelExecutionSteps: 2 } })).toEqual({
      MaxParallelExecutionSteps: 2,
    });
  });
});
