import type { JsonObject } from '../../../../../core/json';
import { STEP_RUNNERS } from '../../../../../local/sagemaker/pipeline/step-runners';
import { STEP_TYPES, type StepType } from '../../../../../local/sagemaker/pipeline/step-type';
import { batchTransform, condition, fail, pipeline, processing } from '../../../../../pipelines/builder';
import { renderSageMaker } from '../../../../../pipelines/render/sagemaker';
import type { StepTypes } from '../../../../../pipelines/sagemaker/step-types';
import { modelArchive } from '../model-server/fake-image';
import { IMAGE, PipelineFixture, ROLE } from './pipeline-fixture';
import { choose, createPipeline, definition, jobArn, run, type Step, shell, start, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const get = (Get: string) => ({ Get });

const RESOURCES = { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 };
const ALGORITHM = {
  TrainingImage: IMAGE,
  TrainingInputMode: 'File',
  MetricDefinitions: [{ Name: 'rmse', Regex: 'rmse=([0-9.]+)' }],
};
const TRAIN: Step = {
  Name: 'Train',
  Type: 'Training',
  Arguments: {
    RoleArn: ROLE,
    AlgorithmSpecification: ALGORITHM,
    OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
    ResourceConfig: RESOURCES,
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  },
};
const TUNE: Step = {
  Name: 'Tune',
  Type: 'Tuning',
  Arguments: {
    HyperParameterTuningJobConfig: {
      Strategy: 'Grid',
      HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'rmse' },
      ResourceLimits: { MaxParallelTrainingJobs: 2 },
      ParameterRanges: { CategoricalParameterRanges: [{ Name: 'letter', Values: ['a', 'b'] }] },
    },
    TrainingJobDefinition: TRAIN.Arguments,
  },
};
const MODEL_DATA = 's3://bucket/models/model.tar.gz';
const CONTAINER = { Image: IMAGE, ModelDataUrl: MODEL_DATA };
const MODEL: Step = {
  Name: 'Model',
  Type: 'Model',
  Arguments: { ExecutionRoleArn: ROLE, PrimaryContainer: CONTAINER },
};
const REGISTER: Step = {
  Name: 'Register',
  Type: 'RegisterModel',
  Arguments: {
    ModelPackageGroupName: 'group',
    ModelApprovalStatus: 'PendingManualApproval',
    InferenceSpecification: {
      Containers: [CONTAINER],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
  },
};

const train = (script: string) => local.program('bin/train', `#!/bin/sh\n${script}\n`);
const told = (Name: string, Value: JsonObject, DependsOn: readonly string[]) =>
  tell(Name, { 'Std:Join': { On: '', Values: [Value] } }, { DependsOn });

describe('a training step', () => {
  test('leaves its artefact and its metrics by name', async () => {
    train('echo rmse=1.5');
    const limit = { Type: 'LessThan', LeftValue: get("Steps.Train.FinalMetricDataList['rmse'].Value"), RightValue: 2 };
    const gate = choose('Gate', [limit], {
      IfSteps: [told('Tell', get('Steps.Train.ModelArtifacts.S3ModelArtifacts'), [])],
    });
    const { steps, reason } = await run(local, definition([TRAIN, gate]));
    const arn = jobArn(steps[0], 'TrainingJob');
    expect(reason).toContain(`Tell: s3://bucket/models/${arn.split('/').at(-1)}/output/model.tar.gz`);
  });
});

describe('a tuning step', () => {
  test('leaves its best job, and its jobs from the best one on', async () => {
    train('echo rmse=$(grep -c \'"letter":"a"\' $SAGEMAKER_BASE_DIR/input/config/hyperparameters.json)');
    const value = {
      'Std:Join': {
        On: ' ',
        Values: [
          get("Steps.Tune.BestTrainingJob.TunedHyperParameters['letter']"),
          get("Steps.Tune.TrainingJobSummaries[0].TunedHyperParameters['letter']"),
          get("Steps.Tune.TrainingJobSummaries[1].TunedHyperParameters['letter']"),
        ],
      },
    };
    const { reason, steps } = await run(local, definition([TUNE, tell('Tell', value, { DependsOn: ['Tune'] })]));
    expect(reason).toContain('Tell: b b a');
    const arn = jobArn(steps[0], 'TuningJob');
    expect(arn.split('/').at(-1)?.length).toBeLessThanOrEqual(32);
  });

  test('that is cached runs no training job again', async () => {
    train('echo rmse=1');
    const cached = { ...TUNE, CacheConfig: { Enabled: true } };
    await run(local, definition([cached]));
    const second = await run(local, undefined);
    expect(second.steps[0]).toMatchObject({ StepStatus: 'Succeeded', CacheHitResult: {} });
    expect((await local.answer('ListTrainingJobs', {})).TrainingJobSummaries).toHaveLength(2);
  });
});

describe('a model step, and what follows it', () => {
  beforeEach(() => local.put(MODEL_DATA, ''));

  test('makes a model with a name of its own, which others may refer to', async () => {
    const { reason, steps } = await run(
      local,
      definition([MODEL, told('Tell', get('Steps.Model.ModelName'), ['Model'])]),
    );
    const arn = jobArn(steps[0], 'Model');
    expect(reason).toContain(`Tell: ${arn.split('/').at(-1)}`);
    expect(await local.answer('DescribeModel', { ModelName: arn.split('/').at(-1) })).toMatchObject({
      PrimaryContainer: CONTAINER,
    });
  });

  test('fails in the words of the service if the model is refused', async () => {
    const bad = { ...MODEL, Arguments: { ExecutionRoleArn: 'nobody', PrimaryContainer: CONTAINER } };
    expect((await run(local, definition([bad]))).reason).toContain(
      "Model: ClientError: Failed to invoke sagemaker:CreateModel. Error Details: 1 validation error detected: Value 'nobody'",
    );
  });

  test('registers a version, in a group that is made for the first one', async () => {
    await run(local, definition([REGISTER]));
    const { steps, reason } = await run(local, undefined);
    expect(reason).toBeUndefined();
    expect(steps[0]?.Metadata?.RegisterModel).toEqual({ Arn: expect.stringMatching(/model-package\/group\/2$/) });
    expect(await local.answer('ListModelPackages', { ModelPackageGroupName: 'group' })).toMatchObject({
      ModelPackageSummaryList: [
        { ModelPackageVersion: 1 },
        { ModelPackageVersion: 2, ModelApprovalStatus: 'PendingManualApproval' },
      ],
    });
  });

  test('transforms with the model of a model step', async () => {
    local.program('bin/serve', UPPER_CASE);
    await local.put('s3://bucket/in/a.csv', 'abc');
    const model = { ...MODEL, Arguments: { ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE } } };
    const transform: Step = {
      Name: 'Transform',
      Type: 'Transform',
      Arguments: {
        ModelName: get('Steps.Model.ModelName'),
        TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/in' } } },
        TransformOutput: { S3OutputPath: 's3://bucket/transformed' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      },
    };
    const { status, steps } = await run(local, definition([transform, model]));
    expect([status, Object.keys(steps[1]?.Metadata ?? {})]).toEqual(['Succeeded', ['TransformJob']]);
    expect(await local.text('s3://bucket/transformed/a.csv.out')).toBe('ABC');
  });

  test('the portable batch step asks the model that an earlier step has made, and later ones know where its answers are', async () => {
    local.program('bin/serve', UPPER_CASE);
    await local.put('s3://bucket/in/a.csv', 'abc\n');
    await local.put('s3://bucket/model.tar.gz', await modelArchive({}));
    const score = batchTransform('Score', {
      compute: { instanceType: 'ml.m5.large' },
      model: 's3://bucket/model.tar.gz',
      script: 'churn/serve.py',
      input: 's3://bucket/in/',
    });
    const known = condition('Known', {
      all: [{ left: score.answers, operator: 'equals', right: 'elsewhere' }],
      ifTrue: [],
      ifFalse: [fail('Where', { message: score.answers })],
    });
    const runtime = { image: IMAGE, identity: ROLE, workspaceUri: 's3://bucket/work', modelsUri: 's3://bucket/models' };
    const rendered = renderSageMaker(pipeline('scoring', { steps: [score, known], runtime }));
    const { steps } = await run(local, JSON.stringify(rendered));
    const where = steps.find(({ StepName }) => StepName === 'Where');
    const [, answers] = /(s3:\/\/\S+)/.exec(String(where?.FailureReason)) ?? [];
    expect(answers).toMatch(/^s3:\/\/bucket\/work\/executions\/[a-z0-9]+\/Score\/answers$/);
    // Each answer stands beside what it is about.
    expect(await local.text(`${answers}/a.csv.out`)).toBe('abc,ABC\n');
  });

  test('the portable batch step runs the image that an earlier step has chosen', async () => {
    local.program('bin/serve', UPPER_CASE);
    await local.put('s3://bucket/in/a.csv', 'abc\n');
    await local.put('s3://bucket/model.tar.gz', await modelArchive({}));
    local.program('choose.py', CHOOSE);
    const chosen = processing('Export', {
      compute: { instanceType: 'ml.m5.large' },
      image: IMAGE,
      script: 'choose.py',
      inputs: {},
      outputs: ['export'],
      metricFiles: { Export: { output: 'export', file: 'export.json' } },
      arguments: { image: IMAGE },
    });
    const score = batchTransform('Score', {
      compute: { instanceType: 'ml.m5.large' },
      image: chosen.metric('Export', 'image'),
      model: 's3://bucket/model.tar.gz',
      script: 'churn/serve.py',
      input: 's3://bucket/in/',
    });
    const runtime = {
      image: 'none',
      identity: ROLE,
      workspaceUri: 's3://bucket/work',
      modelsUri: 's3://bucket/models',
    };
    const rendered = renderSageMaker(pipeline('scoring', { steps: [chosen, score], runtime }));
    const { status, steps } = await run(local, JSON.stringify(rendered));
    expect({ status, steps }).toMatchObject({ status: 'Succeeded' });
    const [, execution = ''] =
      /execution\/([a-z0-9]+)/.exec(
        JSON.stringify(await local.answer('ListPipelineExecutions', { PipelineName: 'pipe' })),
      ) ?? [];
    expect(await local.text(`s3://bucket/work/executions/${execution}/Score/answers/a.csv.out`)).toBe('abc,ABC\n');
  });
});

describe('the table of step types', () => {
  test('has an answer for every type, at compile time', () => {
    expect(Object.keys(STEP_RUNNERS).sort()).toEqual([...STEP_TYPES].sort());
    const { Fail: _, ...lacking } = STEP_RUNNERS;
    // @ts-expect-error -- a type of step that nobody has decided about doesn't compile
    const table: typeof STEP_RUNNERS = lacking;
    expect(table).not.toHaveProperty('Fail');
  });

  test('knows every type that the builder can write, at compile time', () => {
    const known: (type: keyof StepTypes) => StepType = (type) => type;
    expect(STEP_TYPES).toContain(known('Processing'));
  });

  const refused = STEP_TYPES.filter((type) => 'refused' in STEP_RUNNERS[type]);

  test('refuses what no laptop has', () => {
    expect(refused).toEqual([
      'Lambda',
      'Callback',
      'ClarifyCheck',
      'EMR',
      'EMRServerless',
      'AutoML',
      'EndpointConfig',
      'Endpoint',
      'InferenceComponent',
      'Lineage',
      'BedrockCustomModel',
      'BedrockCustomModelDeployment',
      'BedrockModelImport',
      'BedrockProvisionedModelThroughput',
    ]);
  });

  test.each(refused)('refuses %s before anything starts, also in a branch', async (Type) => {
    const step = { Name: 'Odd', Type, Arguments: {} };
    await createPipeline(local, definition([shell('First', ':'), choose('Gate', [], { IfSteps: [step] })]));
    await expect(start(local)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        new RegExp(`^Steps\\.Odd: a laptop can't run steps of type ${Type}, .*; run this pipeline in an account$`),
      ),
    });
    expect(await local.answer('ListPipelineExecutions', { PipelineName: 'pipe' })).toEqual({
      PipelineExecutionSummaries: [],
    });
    expect(local.events).toEqual([]);
  });

  test.each([
    [
      'Steps.Train.Arguments.AlgorithmSpecification.TrainingInputMode',
      {
        ...TRAIN,
        Arguments: {
          ...(TRAIN.Arguments as JsonObject),
          AlgorithmSpecification: { ...ALGORITHM, TrainingInputMode: 'Pipe' },
        },
      },
    ],
    [
      'Steps.Tune.Arguments.HyperParameterTuningJobConfig.Strategy',
      {
        ...TUNE,
        Arguments: {
          ...(TUNE.Arguments as JsonObject),
          HyperParameterTuningJobConfig: {
            ...((TUNE.Arguments as JsonObject).HyperParameterTuningJobConfig as JsonObject),
            Strategy: 'Hyperband',
          },
        },
      },
    ],
    [
      'Steps.Work.Arguments.ProcessingResources.ClusterConfig.InstanceCount',
      shell('Work', ':', { Arguments: { ProcessingResources: { ClusterConfig: { ...RESOURCES, InstanceCount: 2 } } } }),
    ],
  ])('refuses what a laptop cannot do at %s before anything starts', async (path, step) => {
    await createPipeline(local, definition([step]));
    await expect(start(local)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(`${path}: a laptop runs only`),
    });
  });
});

/** Leaves the last word of its command line as the image that serves. */
const CHOOSE = `import json, os, sys
folder = os.path.join(os.environ['SAGEMAKER_BASE_DIR'], 'processing/output/export')
os.makedirs(folder, exist_ok=True)
with open(os.path.join(folder, 'export.json'), 'w') as file:
    json.dump({'image': sys.argv[-1]}, file)
`;

const UPPER_CASE = `#!/usr/bin/env python3
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args): pass
    def answer(self, body=b''):
        self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self): self.answer()
    def do_POST(self): self.answer(self.rfile.read(int(self.headers['Content-Length'])).upper())
HTTPServer(('127.0.0.1', int(os.environ['SAGEMAKER_BIND_TO_PORT'])), Handler).serve_forever()`;
