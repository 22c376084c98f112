import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../../../../core/json';
import { identify } from '../../../../../local/container/process-identity';
import { text } from '../../../../../local/sagemaker/job/text';
import { PipelineFixture } from '../pipeline/pipeline-fixture';
import { entriesOf } from './archive-entries';
import { type TrainingChanges, trainingRequest } from './training-request';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

const request = (script: string, changes: TrainingChanges = {}) => trainingRequest(local, script, changes);
const ended = () => local.ended('DescribeTrainingJob', { TrainingJobName: 'job' }, 'TrainingJobStatus');

async function run(script: string, more: TrainingChanges = {}): Promise<JsonObject> {
  await local.answer('CreateTrainingJob', request(script, more));
  return ended();
}

function channel(ChannelName: string, S3Uri: string, more: JsonObject = {}): JsonObject {
  return { ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri } }, ...more };
}

function metric(Name: string, Regex: string): { readonly AlgorithmSpecification: JsonObject } {
  return { AlgorithmSpecification: { MetricDefinitions: [{ Name, Regex }] } };
}

const folder = () => join(local.root, 'sagemaker', 'jobs', 'job');
const config = (name: string) =>
  JSON.parse(readFileSync(join(folder(), 'opt', 'ml', 'input', 'config', name), 'utf8')) as Json;
const statuses = ({ SecondaryStatusTransitions }: JsonObject) =>
  (SecondaryStatusTransitions as readonly JsonObject[]).map(({ Status }) => Status);

describe('a training job', () => {
  test('finds its hyperparameters as texts, its channels, and what describes its host', async () => {
    await local.put('s3://bucket/train/deep/a.csv', '1,2');
    await local.put('s3://bucket/test/b.csv', '3,4');
    const job = await run('cat $ml/input/data/train/deep/a.csv $ml/input/data/test/b.csv', {
      HyperParameters: { epochs: '3', text: '"quoted"' },
      InputDataConfig: [
        channel('train', 's3://bucket/train', { ContentType: 'text/csv' }),
        channel('test', 's3://bucket/test', { InputMode: 'File' }),
      ],
    });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', HyperParameters: { epochs: '3' } });
    expect(local.log('job')).toBe('1,23,4');
    expect(config('hyperparameters.json')).toEqual({ epochs: '3', text: '"quoted"' });
    expect(config('resourceconfig.json')).toEqual({
      current_host: 'algo-1',
      current_instance_type: 'ml.m5.large',
      hosts: ['algo-1'],
      network_interface_name: 'lo',
    });
    const file = { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' };
    expect(config('inputdataconfig.json')).toEqual({ train: { ...file, ContentType: 'text/csv' }, test: file });
  });

  test('has neither hyperparameters nor channels unless it is given some', async () => {
    await run('');
    expect([config('hyperparameters.json'), config('inputdataconfig.json')]).toEqual([{}, {}]);
  });

  test('sees its name, its ARN, its environment, and paths of the container where they lie here', async () => {
    const job = await run('echo $TRAINING_JOB_NAME $TRAINING_JOB_ARN $MINE $FROM_IMAGE $FROM_MACHINE; echo $DATA', {
      Environment: { MINE: 'mine', DATA: '/opt/ml/input/data' },
    });
    expect(local.log('job')).toBe(
      `job ${text(job.TrainingJobArn)} mine yes yes\n${join(folder(), 'opt', 'ml', 'input', 'data')}\n`,
    );
    expect(job.TrainingJobArn).toBe('arn:aws:sagemaker:us-east-1:000000000000:training-job/job');
  });

  test('runs its entry point with its arguments instead of train', async () => {
    await run('exit 1', {
      AlgorithmSpecification: {
        ContainerEntrypoint: ['sh', '-c', 'echo "$0 $1"'],
        ContainerArguments: ['a', '/opt/ml/b'],
      },
    });
    expect(local.log('job')).toBe(`a ${join(folder(), 'opt', 'ml', 'b')}\n`);
  });

  test('leaves its model and its output as archives, and says where', async () => {
    const job = await run(`mkdir $ml/model/code
echo weights > $ml/model/weights
echo 'print()' > $ml/model/code/run.sh; chmod +x $ml/model/code/run.sh
ln -s weights $ml/model/latest
echo plot > $ml/output/data/plot.txt`);
    expect(job).toMatchObject({
      ModelArtifacts: { S3ModelArtifacts: 's3://bucket/models/job/output/model.tar.gz' },
      SecondaryStatus: 'Completed',
      TrainingTimeInSeconds: expect.any(Number),
    });
    const archive = (name: string) => local.storage.read(`s3://bucket/models/job/output/${name}`).then(entriesOf);
    expect(await archive('model.tar.gz')).toEqual([
      { name: 'code/', type: 'directory', mode: 0o755, text: '' },
      { name: 'code/run.sh', type: 'file', mode: 0o755, text: 'print()\n' },
      { name: 'latest', type: 'symlink', mode: 0o755, text: '', linkname: 'weights' },
      { name: 'weights', type: 'file', mode: 0o644, text: 'weights\n' },
    ]);
    expect(await archive('output.tar.gz')).toMatchObject([{ name: 'plot.txt', text: 'plot\n' }]);
    expect(statuses(job)).toEqual(['Downloading', 'Training', 'Uploading', 'Completed']);
  });

  test('leaves the same bytes for the same model', async () => {
    const script = 'echo weights > $ml/model/weights';
    await run(script);
    await local.answer('CreateTrainingJob', { ...request(script), TrainingJobName: 'again' });
    await local.ended('DescribeTrainingJob', { TrainingJobName: 'again' }, 'TrainingJobStatus');
    const bytes = (name: string) => local.storage.read(`s3://bucket/models/${name}/output/model.tar.gz`);
    expect(await bytes('again')).toEqual(await bytes('job'));
  });

  test('without output leaves an empty model and no archive of the output', async () => {
    await run('');
    expect(await local.storage.read('s3://bucket/models/job/output/model.tar.gz').then(entriesOf)).toEqual([]);
    expect(local.exists('s3://bucket/models/job/output/output.tar.gz')).toBe(false);
  });

  test('reports the last value of each metric, from both streams', async () => {
    const job = await run('echo rmse=3.5; echo rmse=1.25 >&2; echo "loss: 1e-3 loss: 2e-3"; echo auc=nan', {
      AlgorithmSpecification: {
        MetricDefinitions: [
          { Name: 'rmse', Regex: 'rmse=([0-9.]+)' },
          { Name: 'loss', Regex: 'loss: (\\S+)' },
          { Name: 'auc', Regex: 'auc=(\\S+)' },
          { Name: 'never', Regex: 'never=(.*)' },
        ],
      },
    });
    expect(job.FinalMetricDataList).toEqual([
      { MetricName: 'rmse', Value: 1.25, Timestamp: expect.any(Number) },
      { MetricName: 'loss', Value: 0.002, Timestamp: expect.any(Number) },
    ]);
  });

  test('keeps its metrics when it fails', async () => {
    const job = await run('echo rmse=3; exit 1', metric('rmse', 'rmse=(.*)'));
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FinalMetricDataList: [{ Value: 3 }] });
  });

  test('that fails says why in the first 1024 characters of its failure file, with its exit code', async () => {
    const job = await run(`printf 'no such column: dep_time %2000s' end > $ml/output/failure; exit 7`);
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', SecondaryStatus: 'Failed' });
    expect(job.FailureReason).toMatch(/^AlgorithmError: no such column: dep_time {995,}, exit code: 7$/);
    expect(job.FailureReason).toHaveLength('AlgorithmError: '.length + 1024 + ', exit code: 7'.length);
    expect(local.exists('s3://bucket/models/job/output/model.tar.gz')).toBe(false);
    expect(statuses(job)).toEqual(['Downloading', 'Training', 'Failed']);
  });

  test('that fails without a failure file is explained by the end of its log', async () => {
    const job = await run('echo start; echo "ValueError: no rows" >&2; exit 1');
    expect(job.FailureReason).toBe('AlgorithmError: start\nValueError: no rows, exit code: 1');
  });

  test('that succeeds may leave a failure file', async () => {
    expect(await run('echo odd > $ml/output/failure')).toMatchObject({ TrainingJobStatus: 'Completed' });
  });

  test.each([
    [
      'a channel is empty',
      { InputDataConfig: [channel('train', 's3://bucket/none')] },
      'ClientError: channel train: nothing is stored under s3://bucket/none',
    ],
    [
      'the image has no program train',
      { AlgorithmSpecification: { ContainerEntrypoint: ['nosuchprogram'] } },
      "can't start nosuchprogram",
    ],
    [
      'a checkpoint lies outside of /opt/ml',
      { CheckpointConfig: { S3Uri: 's3://bucket/c', LocalPath: '/etc' } },
      'ClientError: a local path must begin /opt/ml/, got /etc',
    ],
  ])('fails if %s', async (_, more, reason) => {
    const job = await run('', more);
    expect(job.TrainingJobStatus).toBe('Failed');
    expect(job.FailureReason).toContain(reason);
  });

  test('fails by the server’s fault if S3 breaks, and by the client’s if S3 refuses', async () => {
    await local.put('s3://bucket/train/a', 'a');
    const InputDataConfig = [channel('train', 's3://bucket/train')];
    local.storage.failures.push('socket hang up');
    expect(await run('', { InputDataConfig })).toMatchObject({ FailureReason: 'InternalServerError: socket hang up' });
    local.storage.failures.push(Object.assign(new Error('no access'), { $fault: 'client' }));
    await local.answer('CreateTrainingJob', { ...request('', { InputDataConfig }), TrainingJobName: 'second' });
    const second = await local.ended('DescribeTrainingJob', { TrainingJobName: 'second' }, 'TrainingJobStatus');
    expect(second).toMatchObject({ FailureReason: 'ClientError: no access' });
  });

  test('is told to end by SIGTERM when it is stopped, and what it saved by then is kept', async () => {
    await local.remove();
    local = await new PipelineFixture(undefined, { stopGraceSeconds: 60 }).start();
    await local.answer(
      'CreateTrainingJob',
      request(
        `trap 'echo saved > $ml/model/weights; echo rmse=2; exit 0' TERM
echo up; while :; do sleep 0.02; done`,
        metric('rmse', 'rmse=(.*)'),
      ),
    );
    await started();
    await local.answer('StopTrainingJob', { TrainingJobName: 'job' });
    const job = await ended();
    expect(job).toMatchObject({
      TrainingJobStatus: 'Stopped',
      SecondaryStatus: 'Stopped',
      FinalMetricDataList: [{ Value: 2 }],
    });
    expect(job).not.toHaveProperty('FailureReason');
    const archive = await local.storage.read('s3://bucket/models/job/output/model.tar.gz');
    await expect(entriesOf(archive)).resolves.toMatchObject([{ name: 'weights', text: 'saved\n' }]);
  });

  test('that ignores SIGTERM is killed, with the processes that it started', async () => {
    await local.answer(
      'CreateTrainingJob',
      request(`trap '' TERM\nsleep 60 & echo $!; echo up; while :; do sleep 0.02; done`),
    );
    await started();
    await local.answer('StopTrainingJob', { TrainingJobName: 'job' });
    expect(await local.answer('DescribeTrainingJob', { TrainingJobName: 'job' })).toMatchObject({
      TrainingJobStatus: 'Stopping',
    });
    expect(await ended()).toMatchObject({ TrainingJobStatus: 'Stopped' });
    const child = Number.parseInt(local.log('job'), 10);
    await local.until(() => (identify(child) === undefined ? true : undefined));
  });

  test('that is being stopped has less time for it once the server closes', async () => {
    await local.remove();
    local = await new PipelineFixture(undefined, { stopGraceSeconds: 50 }).start();
    await local.answer('CreateTrainingJob', request(`trap '' TERM\necho up; while :; do sleep 0.02; done`));
    await started();
    await local.answer('StopTrainingJob', { TrainingJobName: 'job' });
    const closed = local.close();
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
    await closed.finally(() => clock.mockRestore());
    const { store } = local.context;
    expect(store.collection<JsonObject>('training-job').get('job')).toMatchObject({ TrainingJobStatus: 'Stopped' });
  });

  test('that runs longer than MaxRuntimeInSeconds is stopped, and its model kept', async () => {
    const job = await run('echo half > $ml/model/weights; exec sleep 60', {
      StoppingCondition: { MaxRuntimeInSeconds: 1 },
    });
    expect(job).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    expect(local.exists('s3://bucket/models/job/output/model.tar.gz')).toBe(true);
  });

  test('goes on from its checkpoints, and stores them', async () => {
    await local.put('s3://bucket/checkpoints/epoch', '3');
    await run('echo "$(cat $ml/checkpoints/epoch)+1" > $ml/checkpoints/epoch', {
      CheckpointConfig: { S3Uri: 's3://bucket/checkpoints' },
    });
    expect(await local.text('s3://bucket/checkpoints/epoch')).toBe('3+1\n');
  });

  test('frees the disk, but for its log and configuration', async () => {
    await local.put('s3://bucket/train/a', 'a');
    await run('echo weights > $ml/model/weights', { InputDataConfig: [channel('train', 's3://bucket/train')] });
    const ml = join(folder(), 'opt', 'ml');
    expect(existsSync(join(ml, 'input', 'config', 'hyperparameters.json'))).toBe(true);
    for (const gone of ['model', 'output', 'input/data', '../../artifacts'])
      expect(existsSync(join(ml, gone))).toBe(false);
  });

  test.each([
    ['AlgorithmSpecification.TrainingInputMode', { AlgorithmSpecification: { TrainingInputMode: 'Pipe' } }],
    [
      'ResourceConfig.InstanceCount',
      { ResourceConfig: { InstanceCount: 2, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
    ],
    [
      'InputDataConfig.*.CompressionType',
      { InputDataConfig: [channel('train', 's3://bucket/train', { CompressionType: 'Gzip' })] },
    ],
    ['TrainingImage is needed', { AlgorithmSpecification: { TrainingImage: null } }],
    ['captures nothing, got rmse=.*; put the value in (…)', metric('rmse', 'rmse=.*')],
    ["isn't legal, got (?P<x>.*)", metric('rmse', '(?P<x>.*)')],
    ["at 'algorithmSpecification.metricDefinitions.1.member.regex'", metric('rmse', `(${'x'.repeat(500)})`)],
  ])('is refused at once for %s', async (message, more) => {
    const error = { code: 'ValidationException', message: expect.stringContaining(message) };
    await expect(local.answer('CreateTrainingJob', request('', more as TrainingChanges))).rejects.toMatchObject(error);
    await expect(local.answer('DescribeTrainingJob', { TrainingJobName: 'job' })).rejects.toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  test('is listed, newest first', async () => {
    await run('');
    local.laterMs = 1000;
    await local.answer('CreateTrainingJob', { ...request('exit 1'), TrainingJobName: 'later' });
    await local.ended('DescribeTrainingJob', { TrainingJobName: 'later' }, 'TrainingJobStatus');
    expect(await local.answer('ListTrainingJobs', {})).toMatchObject({
      TrainingJobSummaries: [
        { TrainingJobName: 'later', TrainingJobStatus: 'Failed' },
        { TrainingJobName: 'job', TrainingJobStatus: 'Completed' },
      ],
    });
  });
});

async function started(): Promise<void> {
  await local.until(() =>
    existsSync(join(folder(), 'output.log')) && local.log('job').includes('up') ? true : undefined,
  );
}
