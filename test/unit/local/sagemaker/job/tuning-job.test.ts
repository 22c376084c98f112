import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { createJobs } from '../../../../../local/sagemaker/job/create-jobs';
import { PipelineFixture } from '../pipeline/pipeline-fixture';
import { LETTERS, type TuningChanges, tuningRequest } from './tuning-request';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const request = (script: string, changes: TuningChanges = {}) => tuningRequest(local, script, changes);

const describeJob = () => local.answer('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune' });
const ended = () =>
  local.ended(
    'DescribeHyperParameterTuningJob',
    { HyperParameterTuningJobName: 'tune' },
    'HyperParameterTuningJobStatus',
  );

async function run(script: string, changes: TuningChanges = {}): Promise<JsonObject> {
  await local.answer('CreateHyperParameterTuningJob', request(script, changes));
  return ended();
}

interface Trial extends JsonObject {
  readonly TrainingJobName: string;
  readonly TunedHyperParameters: Readonly<Record<string, string>>;
}

async function trials(input: JsonObject = {}): Promise<readonly Trial[]> {
  const { TrainingJobSummaries } = await local.answer('ListTrainingJobsForHyperParameterTuningJob', {
    HyperParameterTuningJobName: 'tune',
    ...input,
  });
  return TrainingJobSummaries as readonly Trial[];
}

/** What the training jobs have printed so far. */
async function logs(): Promise<string[]> {
  const files = (await trials()).map(({ TrainingJobName }) =>
    join(local.root, 'sagemaker', 'jobs', TrainingJobName, 'output.log'),
  );
  return files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
}

function limits(MaxNumberOfTrainingJobs: number, MaxParallelTrainingJobs: number): JsonObject {
  return { ResourceLimits: { MaxNumberOfTrainingJobs, MaxParallelTrainingJobs } };
}

describe('a tuning job', () => {
  test('gives each training job its values, the static ones, and the name of the objective, all as texts', async () => {
    await run('cat $SAGEMAKER_BASE_DIR/input/config/hyperparameters.json; echo; echo rmse=1', {
      definition: { StaticHyperParameters: { fixed: '3' } },
    });
    const [first] = await trials();
    const [seen = ''] = local.log(first?.TrainingJobName ?? '').split('\n');
    const { x } = first?.TunedHyperParameters ?? {};
    expect(JSON.parse(seen)).toEqual({ fixed: '3', x, _tuning_objective_metric: 'rmse' });
    expect(Number(x)).toBeGreaterThan(0);
  });

  test.each([
    ['Minimize', '1'],
    ['Maximize', '3'],
  ])('that is to %s takes the best by the last value that each wrote', async (Type, best) => {
    const job = await run('echo rmse=2.5; echo rmse=$(value letter)', {
      config: {
        Strategy: 'Grid',
        ParameterRanges: LETTERS,
        ResourceLimits: { MaxParallelTrainingJobs: 3 },
        HyperParameterTuningJobObjective: { Type, MetricName: 'rmse' },
      },
    });
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      BestTrainingJob: {
        TunedHyperParameters: { letter: best },
        ObjectiveStatus: 'Succeeded',
        FinalHyperParameterTuningJobObjectiveMetric: { Type, MetricName: 'rmse', Value: Number(best) },
      },
      TrainingJobStatusCounters: { Completed: 3, InProgress: 0, NonRetryableError: 0, Stopped: 0 },
      ObjectiveStatusCounters: { Succeeded: 3, Pending: 0, Failed: 0 },
    });
  });

  test('by grid runs each combination once, however many jobs are in parallel', async () => {
    await run('echo rmse=1', {
      config: {
        Strategy: 'Grid',
        ParameterRanges: {
          CategoricalParameterRanges: [
            { Name: 'a', Values: ['1', '2'] },
            { Name: 'b', Values: ['x', 'y', 'z'] },
          ],
        },
        ResourceLimits: { MaxParallelTrainingJobs: 4 },
      },
    });
    const tuned = (await trials()).map(({ TunedHyperParameters: { a, b } }) => `${a}${b}`);
    expect(tuned.sort()).toEqual(['1x', '1y', '1z', '2x', '2y', '2z']);
  });

  test('runs as many at a time as it may, and no more', async () => {
    local.program('count/empty', '');
    await run(
      `cd count; touch running.$$; ls running.* | wc -l >> most; until [ $(ls running.* | wc -l) -ge 2 ] || [ -e met ]; do sleep 0.01; done
touch met; sleep 0.05; rm running.$$; echo rmse=1`,
      { config: limits(6, 2) },
    );
    const most = readFileSync(join(local.root, 'program', 'count', 'most'), 'utf8')
      .trim()
      .split('\n')
      .map(Number);
    expect(most).toHaveLength(6);
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
    expect(existsSync(join(local.root, 'program', 'count', 'met'))).toBe(true);
  });

  test('runs one at a time unless it is told otherwise by its pipeline', async () => {
    const { ResourceLimits } = (await run('echo rmse=1', { config: limits(2, 1) }))
      .HyperParameterTuningJobConfig as JsonObject;
    expect(ResourceLimits).toEqual({ MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 });
    const times = (await trials({ SortBy: 'CreationTime' })).map(({ CreationTime, TrainingEndTime }) => [
      Number(CreationTime),
      Number(TrainingEndTime),
    ]);
    expect(times[1]?.[0]).toBeGreaterThanOrEqual(times[0]?.[1] ?? Number.NaN);
  });

  test.each(['Random', 'Bayesian'])('with the same seed tries the same, by %s search', async (Strategy) => {
    const config = { Strategy, ...limits(8, 2) };
    await run('echo rmse=$(value x)', { config });
    const first = await trials();
    await local.answer('CreateHyperParameterTuningJob', {
      ...request('echo rmse=$(value x)', { config }),
      HyperParameterTuningJobName: 'again',
    });
    await local.ended(
      'DescribeHyperParameterTuningJob',
      { HyperParameterTuningJobName: 'again' },
      'HyperParameterTuningJobStatus',
    );
    const again = await trials({ HyperParameterTuningJobName: 'again' });
    const values = (list: readonly Trial[]) => list.map(({ TunedHyperParameters }) => TunedHyperParameters.x);
    expect(values(again)).toEqual(values(first));
    expect(new Set(values(first)).size).toBe(8);
  });

  test('counts training jobs that emit no objective as failed, and is content with the others', async () => {
    const job = await run('[ $(value letter) = 2 ] && echo rmse=2; [ $(value letter) != 3 ]', {
      config: { Strategy: 'Grid', ParameterRanges: LETTERS, ResourceLimits: { MaxParallelTrainingJobs: 1 } },
    });
    expect(job).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      BestTrainingJob: { TunedHyperParameters: { letter: '2' } },
      TrainingJobStatusCounters: { Completed: 2, NonRetryableError: 1 },
      ObjectiveStatusCounters: { Succeeded: 1, Pending: 0, Failed: 2 },
    });
    const silent = (await trials()).find(({ TunedHyperParameters }) => TunedHyperParameters.letter === '1');
    expect(silent).toMatchObject({ TrainingJobStatus: 'Completed', ObjectiveStatus: 'Failed' });
    expect(silent).not.toHaveProperty('FinalHyperParameterTuningJobObjectiveMetric');
    expect(await trials({ SortBy: 'FinalObjectiveMetricValue' })).toHaveLength(1);
    expect(await trials({ StatusEquals: 'Failed' })).toHaveLength(1);
  });

  test.each([
    ['exit 3', /^ClientError: no training job of 2 succeeded; tune-00\d-\w+: AlgorithmError: .*exit code: 3$/],
    ['exit 0', /^ClientError: no training job of 2 wrote the objective metric/],
  ])('fails if every training job does "%s"', async (script, reason) => {
    const job = await run(script);
    expect(job).toMatchObject({ HyperParameterTuningJobStatus: 'Failed' });
    expect(job.FailureReason).toMatch(reason);
    expect(job).not.toHaveProperty('BestTrainingJob');
  });

  test('gives up after five training jobs that all failed', async () => {
    await run('exit 1', { config: limits(20, 1) });
    expect(await trials({ MaxResults: 100 })).toHaveLength(5);
  });

  test('ends once its objective is reached', async () => {
    await run('echo rmse=1', {
      config: { ...limits(20, 1), TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 1 } },
    });
    expect(await trials()).toHaveLength(1);
  });

  test('ends when nothing gets better', async () => {
    await run('echo rmse=1', {
      config: {
        ...limits(20, 1),
        TuningJobCompletionCriteria: { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 3 } },
      },
    });
    expect(await trials()).toHaveLength(4);
  });

  test('downloads its channels once, and every training job reads them', async () => {
    await local.put('s3://bucket/train/a.csv', '0.5');
    const DataSource = { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bucket/train' } };
    const job = await run('echo rmse=$(cat $SAGEMAKER_BASE_DIR/input/data/train/a.csv)', {
      definition: { InputDataConfig: [{ ChannelName: 'train', DataSource }] },
    });
    expect(job).toMatchObject({ ObjectiveStatusCounters: { Succeeded: 2 } });
    expect(local.storage.downloads).toEqual(['s3://bucket/train']);
    expect(existsSync(join(local.root, 'sagemaker', 'jobs', 'tune', 'input'))).toBe(false);
    const [first] = await trials();
    expect(local.exists(`s3://bucket/models/${first?.TrainingJobName}/output/model.tar.gz`)).toBe(true);
  });

  test('that is stopped stops its training jobs and starts no further ones', async () => {
    await local.answer(
      'CreateHyperParameterTuningJob',
      request('echo rmse=4; exec sleep 60', { config: limits(10, 2) }),
    );
    await local.until(async () => ((await trials()).length === 2 ? true : undefined));
    await local.answer('StopHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune' });
    expect(await ended()).toMatchObject({ HyperParameterTuningJobStatus: 'Stopped' });
    expect((await trials()).map(({ TrainingJobStatus }) => TrainingJobStatus)).toEqual(['Stopped', 'Stopped']);
    expect(await describeJob()).toMatchObject({ TrainingJobStatusCounters: { InProgress: 0, Stopped: 2 } });
  });

  test('leaves its training jobs as they are to the next server when the server is closed', async () => {
    const script = 'echo up; echo weights > $SAGEMAKER_BASE_DIR/model/weights; exec sleep 60';
    await local.answer('CreateHyperParameterTuningJob', request(script, { config: limits(4, 2) }));
    await local.until(async () => ((await logs()).filter((log) => log.includes('up')).length === 2 ? true : undefined));
    await local.close();
    const left = local.context.store.collection<JsonObject>('training-job').list();
    expect(left.map(({ TrainingJobStatus }) => TrainingJobStatus)).toEqual(['InProgress', 'InProgress']);
    expect(local.exists('s3://bucket/models')).toBe(false);
  });

  test('stops its training jobs when its own time is up, and takes the best so far', async () => {
    const call = () => Promise.reject(new Error('not part of this test'));
    const jobs = createJobs(local.context, call, { stopGraceSeconds: 1 });
    const ResourceLimits = { MaxNumberOfTrainingJobs: 5, MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 4000 };
    const timers = jest.spyOn(globalThis, 'setTimeout');
    jobs.start('HyperParameterTuningJob', request('echo rmse=4; exec sleep 60', { config: { ResourceLimits } }));
    await local.until(async () => ((await logs()).some((log) => log.includes('rmse=4')) ? true : undefined));
    const [timeIsUp] = timers.mock.calls.find(([, ms]) => ms === 4_000_000) ?? [];
    timers.mockRestore();
    timeIsUp?.();
    expect(await jobs.ended('HyperParameterTuningJob', 'tune')).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      BestTrainingJob: { TrainingJobStatus: 'Stopped', ObjectiveStatus: 'Succeeded' },
    });
    expect(await trials()).toHaveLength(1);
  });

  test.each([
    ['Strategy', { Strategy: 'Hyperband' }],
    ['TrainingJobEarlyStoppingType', { TrainingJobEarlyStoppingType: 'Auto' }],
    [
      'Grid tries categorical ranges only, got x; use Random',
      { Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
    ],
    [
      'Grid runs each of the 3 combinations, got MaxNumberOfTrainingJobs 2',
      { Strategy: 'Grid', ParameterRanges: LETTERS },
    ],
    [
      'must be one of MetricDefinitions, got auc',
      { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'auc' } },
    ],
    ['ParameterRanges must name a hyperparameter, got none', { ParameterRanges: {} }],
    ['maxParallelTrainingJobs', limits(2, 0)],
    ['ResourceLimits.MaxParallelTrainingJobs must be 1 to 100, got 101', limits(200, 101)],
    ['maxNumberOfTrainingJobs', limits(0, 1)],
    [
      'range x: Logarithmic needs a MinValue above 0',
      {
        ParameterRanges: {
          ContinuousParameterRanges: [{ Name: 'x', MinValue: '0', MaxValue: '1', ScalingType: 'Logarithmic' }],
        },
      },
    ],
  ])('is refused at once for %s', async (message, config) => {
    await expect(local.answer('CreateHyperParameterTuningJob', request('', { config }))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect(await local.answer('ListTrainingJobs', {})).toEqual({ TrainingJobSummaries: [] });
  });

  test('has a name of at most 32 characters', async () => {
    await expect(
      local.answer('CreateHyperParameterTuningJob', {
        ...request(''),
        HyperParameterTuningJobName: 'x'.repeat(33),
      }),
    ).rejects.toThrow('length less than or equal to 32');
  });
});
