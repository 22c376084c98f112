import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { IMAGE, PipelineFixture, ROLE } from '../pipeline/pipeline-fixture';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
});
afterEach(() => local.remove());

/** The smallest job: runs a program of the image. */
function request(script: string, more: JsonObject = {}): JsonObject {
  local.program('job.py', script);
  return {
    ProcessingJobName: 'job',
    RoleArn: ROLE,
    AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '/opt/program/job.py'] },
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
    ...more,
  };
}

async function run(script: string, more: JsonObject = {}): Promise<JsonObject> {
  await local.answer('CreateProcessingJob', request(script, more));
  return local.ended('DescribeProcessingJob', { ProcessingJobName: 'job' }, 'ProcessingJobStatus');
}

function input(name: string, uri: string, more: JsonObject = {}): JsonObject {
  return {
    InputName: name,
    S3Input: { S3Uri: uri, LocalPath: `/opt/ml/processing/input/${name}`, S3DataType: 'S3Prefix', ...more },
  };
}

function output(name: string, more: JsonObject = {}): JsonObject {
  const S3Output = {
    S3Uri: `s3://b/out/${name}`,
    LocalPath: `/opt/ml/processing/output/${name}`,
    S3UploadMode: 'EndOfJob',
  };
  return { OutputName: name, S3Output: { ...S3Output, ...more } };
}

const folder = () => join(local.root, 'sagemaker', 'jobs', 'job');
const logged = () => (existsSync(join(folder(), 'output.log')) ? local.log('job') : '');
const up = () => local.until(() => (logged().includes('up') ? true : undefined));

describe('a processing job', () => {
  test('reads its inputs, and its outputs go to S3 but for symbolic links', async () => {
    await local.put('s3://b/in/deep/a.txt', 'hello');
    const job = await run(
      `import os, sys
base = os.environ["SAGEMAKER_BASE_DIR"]
text = open(base + "/processing/input/raw/deep/a.txt").read()
os.makedirs(sys.argv[1] + "/sub")
open(sys.argv[1] + "/sub/b.txt", "w").write(text.upper())
os.symlink(sys.argv[1] + "/sub/b.txt", sys.argv[1] + "/link")`,
      {
        AppSpecification: {
          ImageUri: IMAGE,
          ContainerEntrypoint: ['python3', '/opt/program/job.py'],
          ContainerArguments: ['/opt/ml/processing/output/up'],
        },
        ProcessingInputs: [input('raw', 's3://b/in')],
        ProcessingOutputConfig: { Outputs: [output('up')] },
      },
    );
    expect(job).toMatchObject({ ProcessingJobStatus: 'Completed', ProcessingInputs: [{ InputName: 'raw' }] });
    expect(await local.text('s3://b/out/up/sub/b.txt')).toBe('HELLO');
    expect(local.exists('s3://b/out/up/link')).toBe(false);
  });

  test('sees its environment, that of the image and that of the machine, and its configuration', async () => {
    const job = await run(
      `import json, os
base = os.environ["SAGEMAKER_BASE_DIR"] + "/config/"
config = json.load(open(base + "processingjobconfig.json"))
hosts = json.load(open(base + "resourceconfig.json"))
print(os.environ["MINE"], os.environ["FROM_IMAGE"], os.environ["FROM_MACHINE"], config["ProcessingJobName"],
      config["ProcessingJobArn"].split("/")[-1], hosts["current_host"], hosts["hosts"])`,
      { Environment: { MINE: 'mine' } },
    );
    expect(job.ProcessingJobStatus).toBe('Completed');
    expect(local.log('job')).toBe("mine yes yes job job algo-1 ['algo-1']\n");
  });

  test('frees the disk after success, but for log and configuration, and not after a failure', async () => {
    await local.put('s3://b/in/a.txt', 'a');
    await run('print("said")', { ProcessingInputs: [input('raw', 's3://b/in')] });
    expect(readdirSync(join(folder(), 'opt', 'ml'))).toEqual(['config']);
    expect(readdirSync(folder()).sort()).toEqual(['opt', 'output.log']);
    await local.answer('CreateProcessingJob', {
      ...request('raise SystemExit(3)', { ProcessingInputs: [input('raw', 's3://b/in')] }),
      ProcessingJobName: 'bad',
    });
    await local.ended('DescribeProcessingJob', { ProcessingJobName: 'bad' }, 'ProcessingJobStatus');
    expect(existsSync(join(folder(), '..', 'bad', 'opt', 'ml', 'processing', 'input', 'raw', 'a.txt'))).toBe(true);
  });

  test('that fails says what it wrote to /opt/ml/output/message, of which 1 KB is kept', async () => {
    const job = await run(
      `import os, sys
open(os.environ["SAGEMAKER_BASE_DIR"] + "/output/message", "w").write("column dep_time is missing" + "." * 2000)
sys.exit(4)`,
      { ProcessingOutputConfig: { Outputs: [output('up')] } },
    );
    expect(job.ProcessingJobStatus).toBe('Failed');
    expect(job.ExitMessage).toHaveLength(1024);
    expect(job.FailureReason).toMatch(/^AlgorithmError: column dep_time is missing\.+, exit code: 4$/);
  });

  test('that fails without a message is explained by the end of its log', async () => {
    const job = await run('print("start")\nraise ValueError("no rows in raw")');
    expect(job.FailureReason).toMatch(/^AlgorithmError: .*ValueError: no rows in raw, exit code: 1$/s);
    expect(job).not.toHaveProperty('ExitMessage');
  });

  test('that a signal ended says which', async () => {
    const job = await run('import os\nos.kill(os.getpid(), 9)');
    expect(job.FailureReason).toBe('AlgorithmError: the container said nothing, signal: SIGKILL');
  });

  test('fails if an input is empty, the command is missing, or the image was never built', async () => {
    const empty = await run('', { ProcessingInputs: [input('raw', 's3://b/none')] });
    expect(empty.FailureReason).toBe('ClientError: input raw: nothing is stored under s3://b/none');
    const create = (name: string, AppSpecification: JsonObject) =>
      local
        .answer('CreateProcessingJob', { ...request(''), ProcessingJobName: name, AppSpecification })
        .then(() => local.ended('DescribeProcessingJob', { ProcessingJobName: name }, 'ProcessingJobStatus'));
    const missing = await create('a', { ImageUri: IMAGE, ContainerEntrypoint: ['nosuchprogram'] });
    expect(missing.FailureReason).toMatch(/^ClientError: .*can't start nosuchprogram/);
    const unbuilt = await create('b', { ImageUri: 'repository:2', ContainerEntrypoint: ['python3'] });
    expect(unbuilt.FailureReason).toBe(
      'ClientError: repository:2: no such image was built here; deploy the stack of the pipeline first',
    );
  });

  test('that runs longer than it may is stopped: SIGTERM, and SIGKILL when that is ignored', async () => {
    await local.remove();
    local = await new PipelineFixture(undefined, { stopGraceSeconds: 3 }).start();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const script = `import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("asked"))
print("up")
while True: time.sleep(0.05)`;
    await local.answer('CreateProcessingJob', request(script, { StoppingCondition: { MaxRuntimeInSeconds: 4000 } }));
    await up();
    const [timeIsUp] = timers.mock.calls.find(([, ms]) => ms === 4_000_000) ?? [];
    timers.mockRestore();
    timeIsUp?.();
    const job = await local.ended('DescribeProcessingJob', { ProcessingJobName: 'job' }, 'ProcessingJobStatus');
    expect(job).toMatchObject({
      ProcessingJobStatus: 'Stopped',
      FailureReason: 'ClientError: ran longer than MaxRuntimeInSeconds, 4000',
    });
    expect(local.log('job')).toBe('up\nasked\n');
  });

  test('whose end can not be written has ended all the same, and is written once that can be done', async () => {
    const go = join(local.root, 'go');
    const script = `import os, time
print("up")
while not os.path.exists("${go}"): time.sleep(0.01)`;
    await local.answer('CreateProcessingJob', request(script));
    await up();
    const record = join(local.root, 'sagemaker', 'processing-job', 'job.json');
    const inTheWay = `${record}.${process.pid}.draft`;
    mkdirSync(inTheWay);
    writeFileSync(go, '');
    const job = await local.ended('DescribeProcessingJob', { ProcessingJobName: 'job' }, 'ProcessingJobStatus');
    expect(job.ProcessingJobStatus).toBe('Completed');
    expect(local.messages.join('\n')).toContain('job: EISDIR');
    rmSync(inTheWay, { recursive: true });
    await local.close();
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ ProcessingJobStatus: 'Completed' });
  });

  test('can be stopped, with whatever it has started, and uploads nothing then', async () => {
    await local.answer(
      'CreateProcessingJob',
      request(
        `import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid)
time.sleep(60)`,
        { ProcessingOutputConfig: { Outputs: [output('up')] } },
      ),
    );
    // Told in two pieces, of which the second ends the line.
    const child = await local.until(() => (logged().endsWith('\n') ? Number(logged()) : undefined));
    await local.answer('StopProcessingJob', { ProcessingJobName: 'job' });
    const job = await local.ended('DescribeProcessingJob', { ProcessingJobName: 'job' }, 'ProcessingJobStatus');
    expect(job.ProcessingJobStatus).toBe('Stopped');
    expect(job).not.toHaveProperty('FailureReason');
    await local.until(() => (isGone(child) ? true : undefined));
    await local.answer('StopProcessingJob', { ProcessingJobName: 'job' });
  });

  test.each([
    [
      'ProcessingInputs.*.S3Input.S3InputMode',
      { ProcessingInputs: [input('raw', 's3://b/in', { S3InputMode: 'Pipe' })] },
    ],
    [
      'ProcessingInputs.*.S3Input.S3DataType',
      { ProcessingInputs: [input('raw', 's3://b/in', { S3DataType: 'ManifestFile' })] },
    ],
    ['ProcessingInputs.*.DatasetDefinition', { ProcessingInputs: [{ InputName: 'raw', DatasetDefinition: {} }] }],
    [
      'Outputs.*.S3Output.S3UploadMode',
      { ProcessingOutputConfig: { Outputs: [output('up', { S3UploadMode: 'Continuous' })] } },
    ],
    ['LocalPath', { ProcessingInputs: [input('raw', 's3://b/in', { LocalPath: '/opt/ml/input/x' })] }],
    ['LocalPath', { ProcessingInputs: [input('raw', 's3://b/in', { LocalPath: '/opt/ml/processing/../../x' })] }],
    ['ContainerEntrypoint', { AppSpecification: { ImageUri: IMAGE } }],
  ])('is refused by name when it asks for %s that a laptop lacks', async (member, more) => {
    await expect(local.answer('CreateProcessingJob', request('', more as JsonObject))).rejects.toThrow(member);
    await expect(local.answer('DescribeProcessingJob', { ProcessingJobName: 'job' })).rejects.toThrow('not found');
  });

  test('needs a name of its own', async () => {
    await run('');
    await expect(local.answer('CreateProcessingJob', request(''))).rejects.toThrow('the name is taken');
  });

  test('is listed by status', async () => {
    await run('');
    const list = (StatusEquals: string) => local.answer('ListProcessingJobs', { StatusEquals });
    expect(await list('Completed')).toMatchObject({ ProcessingJobSummaries: [{ ProcessingJobName: 'job' }] });
    expect(await list('Failed')).toEqual({ ProcessingJobSummaries: [] });
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
