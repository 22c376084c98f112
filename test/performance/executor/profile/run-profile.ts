import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { localClients } from '../../../../local/clients';
import type { Image } from '../../../../local/container/image';
import { startSageMaker } from '../../../../local/sagemaker/server';
import { StateDirectory } from '../../../../local/state-directory';
import { BENCH_ACCOUNT, BENCH_REGION } from '../../measure/bench-aws';
import type { BenchPlace } from '../../measure/bench-place';
import { type ProcessStat, processStat } from '../../measure/process-stat';
import { executePipeline, type PipelineStep } from '../execute-pipeline';
import type { Work } from '../work';
import { CAUSES } from './causes';
import { childrenWith } from './children-with';
import { timeByCause } from './cpu-profile';
import { type JobTimes, meanPhases, type StepPhases, type StepState, stepTimes } from './step-phases';

export interface ProfileProps {
  readonly place: BenchPlace;
  /** The emulator: where it answers, and its process. */
  readonly aws: { readonly endpoint: string; readonly pid: number };
  readonly image: Image;
  readonly step: PipelineStep;
  readonly work: Work;
  readonly forkServer: boolean;
  /** Takes the outputs of the steps. @default - they don't go through S3 */
  readonly bucket?: string;
}

/** Everything a step, in milliseconds. */
export interface StepProfile {
  readonly seconds: number;
  readonly phases: StepPhases;
  /** Of our SageMaker's processor time. */
  readonly causes: ReadonlyMap<string, number>;
  /** Processor time by process. */
  readonly processes: Readonly<Record<'sageMaker' | 'starter' | 'emulator' | 'steps', number>>;
}

const SAMPLING_MICROSECONDS = 1000;
/** Seldom: what it asks is answered by the process that is looked at. */
const POLL_MS = 500;
const WARM_UP: Work = { shape: 'chain', steps: 10 };

/**
 * Runs one pipeline on our SageMaker in this process, and looks at where its time goes.
 * @throws Error if the pipeline fails
 */
export async function runProfile(props: ProfileProps): Promise<StepProfile> {
  const { place, aws, image, work, forkServer } = props;
  const state = new StateDirectory(join(place.directory, `profile-${process.pid}`));
  mkdirSync(state.images, { recursive: true });
  writeFileSync(join(state.images, `${image.tag}.json`), JSON.stringify(image));
  const server = await startSageMaker({
    port: 0,
    state,
    awsEndpoint: aws.endpoint,
    account: BENCH_ACCOUNT,
    region: BENCH_REGION,
    containerEnvironment: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: state.root },
    forkServer,
    log: place.say,
  });
  try {
    const url = `http://127.0.0.1:${server.port}`;
    await run(props, state, url, WARM_UP);
    // Of two fork servers the later one: it has what the first step came to import.
    const helper = childrenWith(forkServer ? 'fork_server' : 'spawn-server').at(-1) ?? 0;
    const before = times(helper, aws.pid);
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS });
    await session.post('Profiler.start');
    const { seconds, executionId } = await run(props, state, url, work);
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    const after = times(helper, aws.pid);
    const each = (of: (of: ReturnType<typeof times>) => number) => ((of(after) - of(before)) * 1000) / work.steps;
    const causes = [...timeByCause(profile, CAUSES)].map(([title, ms]) => [title, ms / work.steps] as const);
    return {
      seconds,
      phases: meanPhases(stepTimes(...recordsOf(state, executionId))),
      causes: new Map(causes),
      processes: {
        sageMaker: each(({ own }) => own),
        starter: each(({ helper: { own } }) => own),
        emulator: each(({ emulator: { own } }) => own),
        steps: each(({ helper: { ended } }) => ended),
      },
    };
  } finally {
    await server.close();
    rmSync(state.root, { recursive: true, force: true });
  }
}

type Used = Pick<ProcessStat, 'own' | 'ended'>;

/** Of a process that has ended, too: the profile is of the others then. */
const NOTHING: Used = { own: 0, ended: 0 };

function times(
  helper: number,
  emulator: number,
): { readonly own: number; readonly helper: Used; readonly emulator: Used } {
  const { user, system } = process.cpuUsage();
  return {
    own: (user + system) / 1e6,
    helper: processStat(helper) ?? NOTHING,
    emulator: processStat(emulator) ?? NOTHING,
  };
}

async function run({ place, step, bucket }: ProfileProps, state: StateDirectory, url: string, work: Work) {
  const name = `profile-${Date.now()}`;
  const folder = join(state.root, 'runs', name);
  const folders = { outputs: join(folder, 'outputs'), home: join(folder, 'home') };
  for (const each of Object.values(folders)) mkdirSync(each, { recursive: true });
  const prefix = bucket === undefined ? undefined : `s3://${bucket}/${process.pid}-${Date.now()}`;
  place.say(`${work.steps} steps, ${work.shape}`);
  const { sageMaker } = localClients(url, BENCH_REGION);
  const ran = await executePipeline(sageMaker, { name, work, folders, prefix, step, pollMs: POLL_MS });
  if (ran.failure !== undefined) throw new Error(`${name}: must run ${work.steps} steps, got ${ran.failure}`);
  return ran;
}

/** What is on disk of a pipeline that has ended. */
function recordsOf(state: StateDirectory, executionId: string): [readonly StepState[], ReadonlyMap<string, JobTimes>] {
  const read = (...path: readonly string[]): unknown =>
    JSON.parse(readFileSync(join(state.sagemaker, ...path), 'utf8'));
  const { Steps } = read('pipeline-executions', `${executionId}.json`) as { readonly Steps: readonly StepState[] };
  const jobs = readdirSync(join(state.sagemaker, 'processing-job')).map(
    (file) => read('processing-job', file) as JobTimes,
  );
  return [Steps, new Map(jobs.map((job) => [job.ProcessingJobArn, job]))];
}
