import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { IMAGE, PipelineFixture, ROLE } from './pipeline-fixture';
import { createPipeline, definition, jobArn, run, type Step, shell, tell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
  await local.put('s3://bucket/raw/a.csv', '1');
});
afterEach(() => local.remove());

const MINUTE = 60_000;
const ENABLED = { CacheConfig: { Enabled: true, ExpireAfter: 'PT1H' } };

/** Counts its runs in a file outside of S3. */
function counting(more: JsonObject = {}, Arguments: JsonObject = {}): Step {
  const S3Input = { S3Uri: 's3://bucket/raw', LocalPath: '/opt/ml/processing/input', S3DataType: 'S3Prefix' };
  return shell('Work', 'echo run >> $COUNT; cp $SAGEMAKER_BASE_DIR/processing/input/a.csv $o', {
    ...ENABLED,
    ...more,
    Arguments: {
      Environment: { COUNT: join(local.root, 'count') },
      ProcessingInputs: [{ InputName: 'raw', S3Input }],
      ...Arguments,
    },
  });
}

const runs = () => readFileSync(join(local.root, 'count'), 'utf8').trim().split('\n').length;

async function again(step: Step, more: JsonObject = {}) {
  const PipelineDefinition = definition([step, ...((more.steps ?? []) as readonly Step[])]);
  await local.answer('UpdatePipeline', { PipelineName: 'pipe', PipelineDefinition });
  const ended = await run(local, undefined);
  expect(ended.status).toBe('Succeeded');
  return ended;
}

describe('a step that is cached', () => {
  test('runs once, and later executions say whose result they use', async () => {
    const first = await run(local, definition([counting()]));
    expect(first.steps[0]).not.toHaveProperty('CacheHitResult');
    const second = await again(counting());
    expect(second.steps[0]).toMatchObject({
      StepStatus: 'Succeeded',
      CacheHitResult: { SourcePipelineExecutionArn: first.arn },
      Metadata: first.steps[0]?.Metadata,
    });
    expect(runs()).toBe(1);
  });

  test('gives what it left then to the steps after it', async () => {
    await run(local, definition([counting()]));
    const next = shell('Next', 'echo "$OF" > $o/of', {
      Arguments: { Environment: { OF: { Get: 'Steps.Work.ProcessingJobName' } } },
    });
    const { steps } = await again(counting(), { steps: [next] });
    const arn = jobArn(steps[0], 'ProcessingJob');
    expect(await local.text('s3://bucket/Next/of')).toBe(`${arn.split('/').at(-1)}\n`);
  });

  test.each([
    ['its input has other contents', () => local.put('s3://bucket/raw/a.csv', '2')],
    ['its input has another object', () => local.put('s3://bucket/raw/b.csv', '')],
    ['its image has another file', () => local.program('lib.py', 'x = 1')],
    ['its output was overwritten', () => local.put('s3://bucket/Work/a.csv', 'other')],
    ['it has expired', () => void (local.laterMs = 61 * MINUTE)],
  ])('runs again if %s', async (_, change) => {
    await run(local, definition([counting()]));
    await Promise.resolve(change());
    await again(counting());
    expect(runs()).toBe(2);
    await again(counting());
    expect(runs()).toBe(2);
  });

  test.each([
    ['the time before it expires', () => void (local.laterMs = 59 * MINUTE)],
    ['what Python compiles in the image', () => local.program('__pycache__/lib.pyc', 'x')],
    ['objects that it does not read', () => local.put('s3://bucket/other', 'x')],
  ])('is not run again for %s', async (_, change) => {
    await run(local, definition([counting()]));
    await Promise.resolve(change());
    await again(counting());
    expect(runs()).toBe(1);
  });

  test.each([
    [
      'another argument',
      {},
      { AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['sh', '-c', 'echo run >> $COUNT'] } },
    ],
    ['another environment', {}, { Environment: { COUNT: '/dev/null' } }],
    ['a cache that is switched off', { CacheConfig: { Enabled: false } }, {}],
    ['no cache', { CacheConfig: null }, {}],
  ])('runs again with %s', async (_, more, Arguments) => {
    await run(local, definition([counting()]));
    const { steps } = await again(counting(more, Arguments));
    expect(steps[0]).not.toHaveProperty('CacheHitResult');
  });

  test.each([
    ['another role', { RoleArn: `${ROLE}2` }],
    ['other limits', { StoppingCondition: { MaxRuntimeInSeconds: 5 } }],
  ])('is not run again for %s, which does not change its result', async (_, Arguments) => {
    await run(local, definition([counting()]));
    await again(counting({}, Arguments));
    expect(runs()).toBe(1);
  });

  test('never expires if its cache names no time', async () => {
    const step = () => counting({ CacheConfig: { Enabled: true } });
    await run(local, definition([step()]));
    local.laterMs = 400 * 24 * 60 * MINUTE;
    await again(step());
    expect(runs()).toBe(1);
  });

  test('is not taken from one that failed, or from another pipeline', async () => {
    const failing = counting(
      {},
      { AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['sh', '-c', 'echo run >> $COUNT; exit 1'] } },
    );
    expect((await run(local, definition([failing]))).status).toBe('Failed');
    await run(local, undefined);
    expect(runs()).toBe(2);
    await createPipeline(local, definition([failing]), { PipelineName: 'other' });
    await run(local, undefined, { PipelineName: 'other' });
    expect(runs()).toBe(3);
  });

  test('runs again if the code of its script mode was uploaded anew', async () => {
    local.program('bin/train', `#!/bin/sh\necho run >> ${join(local.root, 'count')}`);
    await local.put('s3://bucket/code/sourcedir.tar.gz', 'one');
    const train = {
      Name: 'Work',
      Type: 'Training',
      ...ENABLED,
      Arguments: {
        RoleArn: ROLE,
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
        HyperParameters: { sagemaker_submit_directory: '"s3://bucket/code/sourcedir.tar.gz"' },
        OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
        ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
        StoppingCondition: { MaxRuntimeInSeconds: 60 },
      },
    };
    await run(local, definition([train]));
    await again(train);
    expect(runs()).toBe(1);
    await local.put('s3://bucket/code/sourcedir.tar.gz', 'two');
    await again(train);
    expect(runs()).toBe(2);
  });

  test('is run without its cache if that can not be read', async () => {
    await run(local, definition([counting()]));
    local.storage.failures.push('S3 is away');
    const { steps } = await again(counting());
    expect(steps[0]).not.toHaveProperty('CacheHitResult');
    expect(local.messages.join('\n')).toContain('Work: goes on without its cache, got S3 is away');
  });

  test('fails like any other if it refers to nothing', async () => {
    const step = counting({}, { Environment: { X: { Get: 'Steps.First.Nothing' } } });
    const { reason } = await run(local, definition([shell('First', ':'), step]));
    expect(reason).toContain('Work: Steps.First.Nothing: leads to nothing');
  });

  test('is of a type that can be cached: a Fail step is none', async () => {
    expect((await run(local, definition([tell('Tell', 'no', ENABLED)]))).status).toBe('Failed');
    expect((await run(local, undefined)).steps[0]).not.toHaveProperty('CacheHitResult');
  });
});
