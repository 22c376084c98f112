import { Command } from 'commander';
import type { BatchApi, TransformJob } from '../../../../cli/batch/batch-api';
import { newJobName } from '../../../../cli/batch/transform-request';
import { batchCommand } from '../../../../cli/commands/batch';
import { exitCodeOf } from '../../../../cli/exit-code';
import type { Chosen } from '../../../../cli/model-argument';
import { ServiceException } from '../../core/release/fake-aws';
import { surroundings } from '../surroundings';

type Request = Parameters<BatchApi['sageMaker']['createTransformJob']>[0];

const missing = () => new ServiceException('ValidationException', 'Could not find requested job with name');

/** An account in which version 1 of flight-delay serves, and a job passes through `states`. */
class Account {
  readonly requests: Request[] = [];
  readonly jobs = new Map<string, TransformJob>();
  readonly naps: number[] = [];
  states: readonly TransformJob[] = [{ TransformJobStatus: 'Completed' }];
  endpoint: { EndpointStatus: string; EndpointConfigName: string } | undefined = {
    EndpointStatus: 'InService',
    EndpointConfigName: 'config',
  };
  stack = true;

  readonly api = {
    cloudFormation: {
      describeStacks: async () => {
        if (this.stack) return { Stacks: [{ StackId: 'arn', Outputs: [] }] };
        throw new ServiceException('ValidationError', 'Stack with id mlops-local-serving-flight-delay does not exist');
      },
    },
    sageMaker: {
      describeEndpoint: async () => {
        if (this.endpoint) return this.endpoint;
        throw missing();
      },
      describeEndpointConfig: async () => ({ ProductionVariants: [{ ModelName: 'model-1' }] }),
      describeModel: async () => ({ PrimaryContainer: { ModelPackageName: 'package/1' } }),
      createTransformJob: async (request: Request) => {
        this.requests.push(request);
        const { ModelName, TransformInput, TransformOutput } = request;
        this.jobs.set(request.TransformJobName ?? '', {
          ModelName,
          TransformInput,
          TransformOutput,
          TransformJobStatus: 'InProgress',
        });
      },
      describeTransformJob: async ({ TransformJobName }: { TransformJobName: string }) => {
        const job = this.jobs.get(TransformJobName);
        if (!job) throw missing();
        return job;
      },
    },
  } as unknown as BatchApi;

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.naps.push(milliseconds);
    const [next, ...others] = this.states;
    this.states = others;
    for (const [name, job] of this.jobs) this.jobs.set(name, { ...job, ...next });
  };

  async run(...args: string[]) {
    const around = surroundings();
    const program = new Command().exitOverride();
    batchCommand(program, around, { connect: async () => this.api, sleep: this.sleep });
    await program.parseAsync(['batch', 'flight-delay', ...args], { from: 'user' });
    return around;
  }
}

const ADDRESSES = ['--input', 's3://inputs/rows', '--output', 's3://outputs/answers'];
const NAME = 'local-flight-delay-20260102030405';

describe('mlops batch', () => {
  test('starts a job with the model of the released version, and says how to see its end', async () => {
    const account = new Account();
    const { lines, notes } = await account.run(...ADDRESSES);
    expect(account.requests).toMatchObject([
      {
        TransformJobName: NAME,
        ModelName: 'model-1',
        BatchStrategy: 'MultiRecord',
        MaxPayloadInMB: 6,
        MaxConcurrentTransforms: 1,
        TransformInput: {
          ContentType: 'text/csv',
          SplitType: 'Line',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://inputs/rows' } },
        },
        TransformOutput: { S3OutputPath: 's3://outputs/answers', Accept: 'text/csv', AssembleWith: 'Line' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      },
    ]);
    expect(account.requests[0]).not.toHaveProperty('DataProcessing');
    expect(lines).toEqual([`${NAME}: InProgress, answers below s3://outputs/answers`]);
    expect(notes.at(-1)).toContain(`npx mlops batch flight-delay --env local --job-name ${NAME} --wait`);
  });

  test('waits for the end, says how the job stands, and ends well when it does', async () => {
    const account = new Account();
    const start = new Date('2026-01-02T03:00:00Z');
    account.states = [
      { TransformStartTime: start },
      { TransformJobStatus: 'Completed', TransformEndTime: new Date('2026-01-02T03:01:30Z') },
    ];
    const { lines, notes } = await account.run(...ADDRESSES, '--wait');
    expect(notes.join('\n')).toMatch(/getting machines and the model[^]*answering/);
    expect(lines).toEqual([`${NAME}: Completed after 90 s, answers below s3://outputs/answers`]);
    expect(account.naps).toEqual([1000, 1000]);
  });

  test('prints the job as JSON', async () => {
    const { lines } = await new Account().run(...ADDRESSES, '--wait', '--json');
    expect(JSON.parse(lines.join('\n'))).toEqual({
      job: NAME,
      status: 'Completed',
      model: 'model-1',
      input: 's3://inputs/rows',
      output: 's3://outputs/answers',
      seconds: null,
      failureReason: null,
    });
  });

  test.each(['Failed', 'Stopped'] as const)('fails with 1 when the job ends %s, and says why', async (status) => {
    const account = new Account();
    account.states = [{ TransformJobStatus: status, FailureReason: 'no such key' }];
    const failing = account.run(...ADDRESSES, '--wait');
    await expect(failing).rejects.toThrow(`${NAME}: ended ${status}, got no such key;`);
    expect(exitCodeOf(await failing.catch((error: unknown) => error))).toBe(1);
  });

  test('takes up a job by its name, without starting another, however often it is killed', async () => {
    const account = new Account();
    await account.run(...ADDRESSES, '--job-name', 'nightly');
    account.states = [{ TransformJobStatus: 'Completed' }];
    const { lines } = await account.run('--job-name', 'nightly', '--wait');
    expect(lines[0]).toContain('nightly: Completed');
    await account.run('--job-name', 'nightly', '--wait');
    expect(account.requests).toHaveLength(1);
  });

  test('refuses to take a job up for something else', async () => {
    const account = new Account();
    await account.run(...ADDRESSES, '--job-name', 'nightly');
    const other = account.run('--input', 's3://inputs/other', '--job-name', 'nightly');
    await expect(other).rejects.toThrow(
      '--input: the job nightly is there already and has s3://inputs/rows, got s3://inputs/other;',
    );
    expect(exitCodeOf(await other.catch((error: unknown) => error))).toBe(2);
  });

  test.each([
    [[], /--input: a new job needs an address in S3, got none[^]*--output: a new job needs/],
    [['--input', 'rows.csv', '--output', 's3://outputs'], '--input: must be an address in S3, got rows.csv'],
    [['--input', 's3://inputs/a', '--output', 's3://inputs/a/b'], '--output: must not lie below --input'],
    [['--input', 's3://inputs/a', '--output', 's3://inputs/a/'], '--output: must not lie below --input'],
    [[...ADDRESSES, '--job-name', 'a_b'], '--job-name: must be at most 63 letters, digits and hyphens, got a_b'],
    [[...ADDRESSES, '--job-name', 'a'.repeat(64)], '--job-name: must be at most 63'],
  ])('refuses %j with 2, before anything is started', async (args, message) => {
    const account = new Account();
    const wrong = account.run(...args);
    await expect(wrong).rejects.toThrow(message);
    expect(exitCodeOf(await wrong.catch((error: unknown) => error))).toBe(2);
    expect(account.requests).toEqual([]);
  });

  test('takes answers beside the input, whose name only begins alike', async () => {
    await expect(new Account().run('--input', 's3://inputs/a', '--output', 's3://inputs/a-out')).resolves.toBeDefined();
  });

  test('says when nothing is released, and when the stack is not there', async () => {
    const account = new Account();
    account.endpoint = undefined;
    await expect(account.run(...ADDRESSES)).rejects.toThrow(
      'flight-delay in local: no version is released, got none; run npx mlops local run',
    );
    account.stack = false;
    await expect(account.run(...ADDRESSES)).rejects.toThrow('mlops-local-serving-flight-delay: is not deployed');
  });

  test('names jobs so that SageMaker takes the name, however long the model is called', () => {
    const name = (model: string) =>
      newJobName({ environmentName: 'prod', model } as Chosen, new Date('2026-01-02T03:04:05.678Z'));
    expect(name('churn')).toBe('prod-churn-20260102030405');
    const [long, other] = [name(`${'a'.repeat(50)}-b`), name(`${'a'.repeat(50)}-c`)];
    for (const made of [long, other]) expect(made).toMatch(/^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
    expect(long).not.toBe(other);
  });
});
