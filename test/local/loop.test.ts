import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SageMakerClient, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { HistoryReport } from '../../cli/release/history-report';
import { models } from '../../config/models';
import { localClientConfig } from '../../local/clients';
import { isRunning } from '../../local/container/process-identity';
import { readSummary, Summary } from '../../local/loop/summary';
import { Target } from '../../local/loop/target';
import { waitUntil } from '../../local/loop/wait-until';
import { ensurePythonEnvironment } from '../../local/python/python-environment';
import { BatchRows } from './batch-rows';
import { mlops, REPOSITORY } from './command';
import { daemonOf, readDaemons } from './daemons';
import { commandsToRun, documentedCommands, RUN_ELSEWHERE } from './documented-commands';
import { readGraphs } from './served-graphs';
import { replaced, StackChanges } from './stack-changes';
import { stateFolder } from './state-folder';

/** Covers a machine that does other work at the same time. */
const MINUTES = 60_000;

describe('the whole life of a model on this machine', () => {
  let first: Summary;
  const state = stateFolder('mlops-local');
  const summary = (): Summary => Summary.parse(readSummary(join(state, 'summary.json')));

  afterAll(async () => {
    await mlops(state, 'local', 'down').ended;
    rmSync(state, { recursive: true, force: true });
  }, 3 * MINUTES);

  test(
    'goes from raw data to a released endpoint that answers',
    async () => {
      const { code, stdout, stderr } = await mlops(state, 'local', '--json').ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const result = Summary.parse(JSON.parse(stdout));
      expect(result).toEqual(summary());
      first = result;
      expect(result.execution.status).toBe('Succeeded');
      expect(result.steps.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Prepare', 'ValidateData', 'Tune', 'Evaluate', 'Gate', 'Export', 'Register']),
      );
      expect(result.steps.every(({ status }) => status === 'Succeeded')).toBe(true);
      expect(result.gates.every(({ passed }) => passed)).toBe(true);
      expect(result.modelPackage).toMatchObject({ version: 1, approvalStatus: 'Approved' });
      expect(result.endpoint).toEqual({ name: 'local-flight-delay', status: 'InService' });
      expect(result.invocations?.succeeded).toBe(result.invocations?.tried);
      expect(result.invocations?.tried).toBeGreaterThanOrEqual(20);
    },
    10 * MINUTES,
  );

  test('measures what later months really allow: better than the baseline, far from perfect', () => {
    const { metrics, baseline, rows } = summary().evaluation;
    expect(rows).toBeGreaterThan(80_000);
    expect(metrics.roc_auc?.low).toBeGreaterThan(baseline.metrics.roc_auc ?? 1);
    expect(metrics.roc_auc?.high).toBeLessThan(0.8);
  });

  test(
    'serves the very graph that was proved to answer as the model does, and that the evidence names',
    async () => {
      const { stdout } = await mlops(state, 'release', 'history', 'flight-delay', '--json').ended;
      const { releases } = JSON.parse(stdout) as HistoryReport;
      const graphs = await readGraphs(summary().endpointUrl, state, releases[0]?.evidence ?? '');
      expect(graphs.promised).toMatch(/^[0-9a-f]{64}$/);
      // An instance each.
      expect(graphs).toEqual({
        promised: graphs.promised,
        inArtefact: graphs.promised,
        served: [graphs.promised, graphs.promised],
      });
    },
    3 * MINUTES,
  );

  test('leaves a report that shows the release', () => {
    const page = readFileSync(join(state, 'report', 'index.html'), 'utf8');
    expect(page).toContain(summary().modelPackage?.arn);
    expect(page).toContain('Calibration');
  });

  test(
    'is there for boto3: steps, package and endpoint',
    async () => {
      const output = execFileSync(
        await pythonOfAws(),
        [join(__dirname, 'boto3_reads_the_run.py'), summary().endpointUrl],
        {
          encoding: 'utf8',
          timeout: MINUTES,
        },
      );
      expect(JSON.parse(output)).toMatchObject({
        steps: { Prepare: 'Succeeded', Register: 'Succeeded' },
        approval: 'Approved',
        predictions: 2,
      });
    },
    3 * MINUTES,
  );

  test(
    'answers a batch from S3, and takes a job up by its name instead of starting it twice',
    async () => {
      const bucket = await new Target(summary().endpointUrl, {
        environment: 'local',
        region: 'us-east-1',
        model: 'flight-delay',
        spec: models['flight-delay'],
      }).bucket('RawBucketName');
      const rows = new BatchRows(summary().endpointUrl, bucket);
      const asked = await rows.put('batch/input/rows.csv');
      const addresses = ['--input', `s3://${bucket}/batch/input/`, '--output', `s3://${bucket}/batch/output`];
      const batch = (...more: string[]) =>
        mlops(state, 'batch', 'flight-delay', '--job-name', 'rows', '--wait', '--json', ...more).ended;
      const { code, stdout, stderr } = await batch(...addresses);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(JSON.parse(stdout)).toMatchObject({ job: 'rows', status: 'Completed' });
      expect(await rows.lines('batch/output')).toHaveLength(asked);
      const again = await batch();
      expect({ code: again.code, job: JSON.parse(again.stdout) }).toEqual({ code: 0, job: JSON.parse(stdout) });
    },
    2 * MINUTES,
  );

  test.each(commandsToRun().map((each) => [each.files, each.command, each] as const))(
    '%s: %s',
    async (_, command, { failsOnPurpose }) => {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
        cwd: REPOSITORY,
        env: { ...process.env, MLOPS_STATE_DIR: state, NO_COLOR: '1' },
        encoding: 'utf8',
        // For what hangs: jest's own bound can't be reached meanwhile.
        timeout: 10 * MINUTES,
        killSignal: 'SIGKILL',
      });
      const wanted = failsOnPurpose ? 1 : 0;
      // What it said tells why it ended otherwise.
      expect(status === wanted ? status : `${status}\n${stderr}\n${stdout}`).toBe(wanted);
    },
    11 * MINUTES,
  );

  test('every command that is run elsewhere is still in the docs', () => {
    const documented = documentedCommands().map(({ command }) => command);
    expect(documented).toEqual(expect.arrayContaining(Object.keys(RUN_ELSEWHERE)));
  });

  test(
    'a gate that is not met ends with exit code 1 and the reason, and the old release goes on serving',
    async () => {
      const { code, stderr } = await mlops(state, 'local', 'run', '--set', 'GateRocAucAtLeast=0.99').ended;
      expect(code).toBe(1);
      expect(stderr).toMatch(/roc_auc .*0\.99/);
      expect(summary()).toMatchObject({
        modelPackage: null,
        gates: [{ threshold: 0.99, passed: false }, { passed: true }],
      });
      const invoked = await mlops(state, 'local', 'invoke', '--json').ended;
      expect(JSON.parse(invoked.stdout)).toMatchObject({ tried: 20, succeeded: 20 });
    },
    3 * MINUTES,
  );

  test(
    'Ctrl-C leaves no process behind, and the next start goes on',
    async () => {
      const run = mlops(state, 'local', 'run');
      await run.sees(/done/, 120);
      const daemons = readDaemons(state);
      expect(daemons.length).toBeGreaterThanOrEqual(2);
      run.process.kill('SIGINT');
      expect((await run.ended).code).toBe(130);
      expect(daemons.filter(isRunning)).toEqual([]);
    },
    3 * MINUTES,
  );

  test(
    'a second run takes finished steps from the cache and releases another version',
    async () => {
      const { code, stderr } = await mlops(state, 'local').ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const second = summary();
      expect(second.seconds).toBeLessThan(first.seconds);
      expect(second.modelPackage?.version).toBeGreaterThan(first.modelPackage?.version ?? 0);
      expect(second.evaluation).toEqual(first.evaluation);
      expect(second.steps.filter(({ cached }) => cached).map(({ name }) => name)).toEqual(
        expect.arrayContaining(['Prepare', 'Tune', 'Evaluate']),
      );
    },
    5 * MINUTES,
  );

  describe('the serving stack', () => {
    const MODEL = ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Model'];

    test(
      'was deployed before there was a model: the first release brought the endpoint, and nothing else',
      async () => {
        expect(await stack().typesSinceCreation()).toEqual([
          'AWS::ApplicationAutoScaling::ScalableTarget',
          'AWS::ApplicationAutoScaling::ScalingPolicy',
          'AWS::SageMaker::Endpoint',
          ...MODEL,
        ]);
      },
      3 * MINUTES,
    );

    test(
      'replaces Model and EndpointConfig for a new model, and updates the endpoint in place',
      async () => {
        expect(await stack().ofRelease(first.modelPackage?.arn ?? '')).toEqual([
          'AWS::SageMaker::Endpoint modified',
          'AWS::SageMaker::EndpointConfig replaced',
          'AWS::SageMaker::Model replaced',
        ]);
        expect(await stack().ofRelease(summary().modelPackage?.arn ?? '')).toEqual([]);
      },
      3 * MINUTES,
    );

    test(
      'leaves the model alone when the infrastructure changes',
      async () => {
        const before = await stack().resources();
        expect(await stack().deploy(/NotAsReleased/, 'AlarmDescription', 'another text')).toEqual([
          'AWS::CloudWatch::Alarm modified',
        ]);
        expect(replaced(before, await stack().resources())).toEqual([]);
        expect((await mlops(state, 'release', 'verify', 'flight-delay').ended).code).toBe(0);
      },
      3 * MINUTES,
    );

    test(
      'goes back by the same two resources, whatever was deployed meanwhile',
      async () => {
        const before = await stack().resources();
        const { code, stderr } = await mlops(state, 'release', 'rollback', 'flight-delay').ended;
        expect({ code, stderr }).toMatchObject({ code: 0 });
        expect(replaced(before, await stack().resources())).toEqual(MODEL);
        expect((await mlops(state, 'release', 'verify', 'flight-delay').ended).code).toBe(0);
      },
      3 * MINUTES,
    );

    test(
      'ends with one release when several approvals come at once, and more than once',
      async () => {
        const sageMaker = new SageMakerClient(localClientConfig(summary().endpointUrl, 'us-east-1'));
        const [one = '', two = ''] = [first.modelPackage?.arn, summary().modelPackage?.arn];
        for (const ModelPackageArn of [one, one, two, two])
          await sageMaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
        let last = '';
        const history = await waitUntil(
          async () => {
            const { stdout } = await mlops(state, 'release', 'history', 'flight-delay', '--json').ended;
            last = stdout;
            const { releaseParameter, inProgress, releases, endpoint } = JSON.parse(stdout) as HistoryReport;
            return inProgress === null && releaseParameter === two ? { releases, endpoint } : undefined;
          },
          () => `the last approval, ${two}, was not released in five minutes, got ${last}`,
          // An approval that comes while another is released is handed out again after the queue's three minutes.
          { timeoutSeconds: 300 },
        );
        expect(history.endpoint).toMatchObject({ status: 'InService', modelPackage: two });
        expect(history.releases[0]).toMatchObject({ outcome: 'released', live: true, intact: true });
        expect((await mlops(state, 'release', 'verify', 'flight-delay').ended).code).toBe(0);
      },
      6 * MINUTES,
    );

    function stack(): StackChanges {
      return new StackChanges(summary().endpointUrl);
    }
  });

  test(
    'up --no-fork-server starts our SageMaker anew, which then forks no step',
    async () => {
      const before = daemonOf(state, 'sagemaker');
      const { code, stderr } = await mlops(state, 'local', 'up', '--no-fork-server').ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const after = daemonOf(state, 'sagemaker');
      expect(after).not.toBe(before);
      expect(execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(after)], { encoding: 'utf8' })).toMatch(
        / local-sagemaker .* --no-fork-server$/m,
      );
    },
    3 * MINUTES,
  );

  test(
    'down ends every process and keeps the state',
    async () => {
      const daemons = readDaemons(state);
      expect((await mlops(state, 'local', 'down').ended).code).toBe(0);
      expect(daemons.filter(isRunning)).toEqual([]);
      expect(existsSync(join(state, 'summary.json'))).toBe(true);
      const { code, stderr } = await mlops(state, 'local', 'invoke').ended;
      expect(code).toBe(2);
      expect(stderr).toContain('the local AWS is not running, got no answer; run npx mlops local up');
    },
    3 * MINUTES,
  );
});

/** That of this lock file: there may be others, of earlier ones. */
async function pythonOfAws(): Promise<string> {
  const directory = join(REPOSITORY, '.mlops', 'python');
  const { python } = await ensurePythonEnvironment({
    name: 'local-aws',
    lockFile: join(REPOSITORY, 'local/aws/requirements.lock'),
    directory,
    environment: process.env,
    logFile: join(directory, 'local-aws.log'),
  });
  return python;
}
