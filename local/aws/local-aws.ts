import { join } from 'node:path';
import { Container } from '../container/container';
import { choosePort, isPortFree } from '../daemon/choose-port';
import {
  type DaemonRecord,
  type DaemonSpec,
  lastRecord,
  runningDaemon,
  startDaemon,
  stopDaemon,
} from '../daemon/daemon';
import { fingerprint } from '../daemon/fingerprint';
import { withProcessLock } from '../daemon/process-lock';
import { noteEnvironmentUser } from '../python/environment-users';
import type { Variables } from '../python/find-python';
import { ensurePythonEnvironment } from '../python/python-environment';
import { DEFAULT_SPEED, requireSpeed } from '../speed';
import type { StateDirectory } from '../state-directory';
import { containerFolders } from './container-folders';

export interface StartLocalAwsProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  /** Starts our SageMaker, given `--port`, `--aws-endpoint`, `--state-dir`, `--speed` and perhaps `--no-fork-server`. */
  readonly sagemakerCommand: readonly [string, ...string[]];
  /** @default that of last time, 4566, or any that is free */
  readonly port?: number;
  /** Of the emulated environment: its alarms are judged, and its events published. @default 'us-east-1' */
  readonly region?: string;
  /** How many times faster rollouts and alarms go, 1 to 120; a daemon of another speed is started anew. @default 60 */
  readonly speed?: number;
  /** Whether processes of jobs are forks of one that has loaded what they import. @default true */
  readonly forkServer?: boolean;
  /** Of this process. Its settings for AWS are kept from the daemons: they could lead to a real account. */
  readonly environment: Variables;
  readonly onProgress?: (message: string) => void;
}

export interface LocalAws {
  /** `http://localhost:PORT`: S3 of the emulator is at home under that name only. */
  readonly endpoint: string;
  readonly port: number;
}

export interface LocalAwsStatus {
  /** `http://localhost:PORT` while the emulator runs. */
  readonly endpoint?: string;
  readonly aws?: DaemonRecord;
  readonly sagemaker?: DaemonRecord;
}

const AWS = 'aws';
const SAGEMAKER = 'sagemaker';
const DEFAULT_REGION = 'us-east-1';
/** The port that emulators of AWS usually have. */
const USUAL_PORT = 4566;
/** On a busy machine; they take two seconds otherwise. */
const READY_SECONDS = 60;
/** Ours stops model servers, for which SageMaker allows 30 s. */
const SAGEMAKER_GRACE_MS = 40_000;
const AWS_GRACE_MS = 12_000;
const ORPHAN_GRACE_MS = 5000;
/** Of ports that another program takes between our choice and our use of them. */
const MOST_TRIES = 3;
/** What our SageMaker runs, but for the configuration. */
export const SAGEMAKER_SOURCES = [
  'cli/model-argument.ts',
  'cli/serve-sagemaker.ts',
  'core',
  'local/application-auto-scaling',
  'local/clients.ts',
  'local/container',
  'local/daemon/log-tail.ts',
  'local/explain-lost-connection.ts',
  'local/percentile.ts',
  'local/sagemaker',
  'package-lock.json',
  'pipelines',
];

/**
 * Starts the emulator and our SageMaker, or what of them doesn't run, or is older than the code.
 * @throws InvalidInputError if the wanted port is taken, or the speed out of bounds
 * @throws Error with the end of a log if one of them doesn't start
 */
export async function startLocalAws(props: StartLocalAwsProps): Promise<LocalAws> {
  const { state, speed = DEFAULT_SPEED, onProgress = () => {} } = props;
  requireSpeed('startLocalAws.speed', speed);
  return withProcessLock(startLock(state), () => startOnFreePorts(props), {
    onWait: (pid) => onProgress(`waiting for process ${pid}, which starts it too`),
  });
}

/** Ends both, and every container that they have left. Nothing that is on disk is lost. */
export async function stopLocalAws(state: StateDirectory): Promise<void> {
  await stop(state);
  // Whoever is interrupted while it replaces an old process has started the new one meanwhile.
  const { aws, sagemaker } = localAwsStatus(state);
  if (aws || sagemaker) await stop(state);
}

async function stop(state: StateDirectory): Promise<void> {
  await stopDaemon(state, SAGEMAKER, SAGEMAKER_GRACE_MS);
  await Promise.all([
    stopDaemon(state, AWS, AWS_GRACE_MS),
    ...containerFolders(state.sagemaker).map((folder) => Container.stopOrphan(folder, ORPHAN_GRACE_MS)),
  ]);
}

/** What runs, by its identity and port. */
export function localAwsStatus(state: StateDirectory): LocalAwsStatus {
  const aws = runningDaemon(state, AWS);
  return { endpoint: aws && endpointAt(aws.port), aws, sagemaker: runningDaemon(state, SAGEMAKER) };
}

/** Environments that start at the same time may choose the same port; who comes late takes another. */
async function startOnFreePorts(props: StartLocalAwsProps): Promise<LocalAws> {
  for (let tries = 1; ; tries += 1) {
    const ports = await choosePorts(props, localAwsStatus(props.state));
    try {
      return await start(props, ports);
    } catch (error) {
      if (tries === MOST_TRIES || !(await areTaken(ports, localAwsStatus(props.state)))) throw error;
      props.onProgress?.('another program took the port meanwhile');
    }
  }
}

/** Whether somebody else listens on a port of ours. */
async function areTaken(ports: Ports, { aws, sagemaker }: LocalAwsStatus): Promise<boolean> {
  const isTaken = async (port: number, own?: DaemonRecord) => own?.port !== port && !(await isPortFree(port));
  return (await isTaken(ports.aws, aws)) || isTaken(ports.sagemaker, sagemaker);
}

async function start(props: StartLocalAwsProps, ports: Ports): Promise<LocalAws> {
  const { state, repository, onProgress = () => {} } = props;
  // Before anything is built that may be in use as long as it runs.
  noteEnvironmentUser(state);
  const python = await ensurePythonEnvironment({
    name: 'local-aws',
    lockFile: join(repository, 'local/aws/requirements.lock'),
    directory: state.pythonEnvironments,
    environment: props.environment,
    onProgress,
    logFile: join(state.logs, 'python.log'),
  });
  const specs = [sagemakerSpec(props, ports), awsSpec(props, ports, python.python)];
  const started = await Promise.allSettled(
    specs.map(async (spec) => {
      const record = runningDaemon(state, spec.name);
      if (record?.fingerprint === spec.fingerprint && (await answers(spec, record.pid))) return;
      if (record) {
        onProgress(`ending the old ${spec.title}`);
        await stopDaemon(state, spec.name, spec.name === SAGEMAKER ? SAGEMAKER_GRACE_MS : AWS_GRACE_MS);
      }
      onProgress(`starting ${spec.title}`);
      await startDaemon(state, spec);
    }),
  );
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  return { endpoint: endpointAt(ports.aws), port: ports.aws };
}

function endpointAt(port: number): string {
  return `http://localhost:${port}`;
}

interface Ports {
  readonly aws: number;
  readonly sagemaker: number;
}

async function choosePorts({ state, port }: StartLocalAwsProps, running: LocalAwsStatus): Promise<Ports> {
  const last = (name: string) => lastRecord(state, name)?.port ?? [];
  const aws =
    running.aws && (port ?? running.aws.port) === running.aws.port
      ? running.aws.port
      : await choosePort({ wanted: port, preferred: [last(AWS), USUAL_PORT].flat(), purpose: 'the local AWS' });
  const sagemaker =
    running.sagemaker?.port ??
    (await choosePort({
      preferred: [last(SAGEMAKER)].flat().filter((other) => other !== aws),
      purpose: 'the local SageMaker',
    }));
  return { aws, sagemaker };
}

function awsSpec(
  { state, repository, environment, region = DEFAULT_REGION, speed = DEFAULT_SPEED }: StartLocalAwsProps,
  ports: Ports,
  python: string,
): DaemonSpec {
  const command = [
    python,
    join(repository, 'local/aws/launch.py'),
    ...options({
      port: ports.aws,
      'state-dir': state.aws,
      'sagemaker-url': `http://127.0.0.1:${ports.sagemaker}`,
      region,
      speed,
    }),
  ] as const;
  return {
    name: AWS,
    title: 'the local AWS',
    command,
    cwd: repository,
    // Lambda functions of the CDK itself take the SDK from where the runtime of AWS has it.
    environment: {
      ...withoutAws(environment),
      NODE_PATH: join(repository, 'node_modules'),
      PYTHONDONTWRITEBYTECODE: '',
    },
    port: ports.aws,
    fingerprint: fingerprint(repository, ['local/aws/launch.py', 'local/aws/emulator'], ...command),
    isReady: (pid) => isHealthy(ports.aws, pid),
    readySeconds: READY_SECONDS,
  };
}

function sagemakerSpec(
  { state, repository, sagemakerCommand, environment, speed = DEFAULT_SPEED, forkServer = true }: StartLocalAwsProps,
  ports: Ports,
): DaemonSpec {
  const command = [
    ...sagemakerCommand,
    ...options({
      port: ports.sagemaker,
      'aws-endpoint': endpointAt(ports.aws),
      'state-dir': state.root,
      speed,
    }),
    ...(forkServer ? [] : ['--no-fork-server']),
  ] as const;
  return {
    name: SAGEMAKER,
    title: 'the local SageMaker',
    command,
    cwd: repository,
    environment: withoutAws(environment),
    port: ports.sagemaker,
    fingerprint: fingerprint(repository, SAGEMAKER_SOURCES, ...command),
    isReady: (pid) => isHealthy(ports.sagemaker, pid),
    readySeconds: READY_SECONDS,
  };
}

function options(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Whether a daemon that runs is also well, with patience for a machine that is busy. */
async function answers(spec: DaemonSpec, pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt += 1) if (await spec.isReady(pid)) return true;
  return false;
}

/** @param pid the process that has to answer: where two environments start at once, it may be that of the other */
async function isHealthy(port: number, pid: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_mlops/health`, { signal: AbortSignal.timeout(5000) });
    return answer.ok && ((await answer.json()) as { readonly pid?: number }).pid === pid;
  } catch {
    return false;
  }
}

function withoutAws(environment: Variables): Variables {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

/** Whoever holds it can be sure that nothing is started meanwhile. */
export function startLock(state: StateDirectory): string {
  return join(state.processes, 'start.lock');
}
