import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Container } from '../container/container';
import { choosePort } from '../daemon/choose-port';
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
import type { Variables } from '../python/find-python';
import { ensurePythonEnvironment } from '../python/python-environment';
import { DEFAULT_SPEED, requireSpeed } from '../speed';
import type { StateDirectory } from '../state-directory';

export interface StartLocalAwsProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  /** Starts our SageMaker, given `--port`, `--aws-endpoint`, `--state-dir`, `--speed` and perhaps `--no-fork-server`. */
  readonly sagemakerCommand: readonly [string, ...string[]];
  /** @default that of last time, 4566, or any that is free */
  readonly port?: number;
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
/** The port that emulators of AWS usually have. */
const USUAL_PORT = 4566;
/** On a busy machine; they take two seconds otherwise. */
const READY_SECONDS = 60;
/** Ours stops model servers, for which SageMaker allows 30 s. */
const SAGEMAKER_GRACE_MS = 40_000;
const AWS_GRACE_MS = 12_000;
const ORPHAN_GRACE_MS = 5000;

/**
 * Starts the emulator and our SageMaker, or what of them doesn't run, or is older than the code.
 * @throws InvalidInputError if the wanted port is taken, or the speed out of bounds
 * @throws Error with the end of a log if one of them doesn't start
 */
export async function startLocalAws(props: StartLocalAwsProps): Promise<LocalAws> {
  const { state, speed = DEFAULT_SPEED, onProgress = () => {} } = props;
  requireSpeed('startLocalAws.speed', speed);
  return withProcessLock(lockFile(state), () => start(props), {
    onWait: (pid) => onProgress(`waiting for process ${pid}, which starts it too`),
  });
}

/** Ends both, and every container that they have left. Nothing that is on disk is lost. */
export async function stopLocalAws(state: StateDirectory): Promise<void> {
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

async function start(props: StartLocalAwsProps): Promise<LocalAws> {
  const { state, repository, onProgress = () => {} } = props;
  const running = localAwsStatus(state);
  const ports = await choosePorts(props, running);
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
      if (record?.fingerprint === spec.fingerprint && (await answers(spec))) return;
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
  { state, repository, environment, speed = DEFAULT_SPEED }: StartLocalAwsProps,
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
    isReady: () => isHealthy(ports.aws),
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
    fingerprint: fingerprint(
      repository,
      [
        'local/sagemaker',
        'local/application-auto-scaling',
        'local/container',
        'core',
        'pipelines',
        'package-lock.json',
      ],
      ...command,
    ),
    isReady: () => isHealthy(ports.sagemaker),
    readySeconds: READY_SECONDS,
  };
}

function options(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Whether a daemon that runs is also well, with patience for a machine that is busy. */
async function answers(spec: DaemonSpec): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt += 1) if (await spec.isReady()) return true;
  return false;
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/_mlops/health`, { signal: AbortSignal.timeout(5000) });
    return ok;
  } catch {
    return false;
  }
}

function withoutAws(environment: Variables): Variables {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

/** Folders of containers that haven't ended: each holds the identity of its process. */
function containerFolders(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('process.json'))
      .map((file) => join(root, file))
      .filter((file) => /"(pid|starting)"/.test(readFileSync(file, 'utf8')))
      .map(dirname);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function lockFile(state: StateDirectory): string {
  return join(state.processes, 'start.lock');
}
