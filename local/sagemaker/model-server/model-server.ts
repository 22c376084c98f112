import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { Container, type Exit } from '../../container/container';
import type { ProcessIdentity } from '../../container/process-identity';
import { logTail } from '../../daemon/log-tail';
import type { Context } from '../context';
import { ServiceError } from '../service-error';
import { isFree, reservePort } from './free-port';
import { fetchModelArtifact } from './model-artifact';
import { ping } from './ping';
import { unpackModel } from './unpack-model';

/** SageMaker ends a model server with SIGTERM and, 30 s later, with SIGKILL. */
export const STOP_GRACE_MS = 30_000;
const MOST_PORTS = 3;
/** A failure reason has 1,024 characters. */
const LONGEST_LOG = 600;

export interface ModelContainer {
  /** URI of the image. */
  readonly image: string;
  /** `s3://` URI of a gzipped tar archive. @default `/opt/ml/model` stays empty */
  readonly modelDataUrl?: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ModelServerProps {
  readonly context: Context;
  readonly container: ModelContainer;
  /** Stands for the container: see `Container`. What an earlier server left there goes, except its log. */
  readonly directory: string;
  /** Time that the server has until `GET /ping` answers 200, in seconds. @default 240 */
  readonly healthTimeoutSeconds?: number;
  /** @default any free one, tried anew if another program takes it meanwhile */
  readonly port?: number;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}

/** A process that speaks SageMaker's inference contract and has answered its first ping. */
export interface ModelServer {
  readonly url: string;
  readonly port: number;
  readonly identity: ProcessIdentity;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** File with its standard output and error. */
  readonly log: string;
  /** SIGTERM, SIGKILL after `graceMs`. @default STOP_GRACE_MS */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Runs `serve` of an image with a model, as SageMaker hosting and batch transform do.
 * @throws ServiceError if there is no such image or model
 * @throws InvalidInputError if the archive is bad, or if the server ends or stays unhealthy
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export async function startModelServer(props: ModelServerProps): Promise<ModelServer> {
  const { context, container, directory, signal } = props;
  const image = context.images.find(container.image);
  if (!image)
    throw new ServiceError(
      'ValidationException',
      `The image ${container.image} isn't on this machine; deploy the stack that builds it, then try again`,
    );
  const model = join(Container.optMl(directory), 'model');
  await rm(model, { recursive: true, force: true });
  await mkdir(model, { recursive: true });
  if (container.modelDataUrl !== undefined)
    await unpackModel(await fetchModelArtifact(context, container.modelDataUrl), model, container.modelDataUrl);

  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const reserved = props.port === undefined ? await reservePort() : undefined;
    const port = props.port ?? reserved?.port ?? 0;
    try {
      if (props.port !== undefined && !(await isFree(port)))
        throw new InvalidInputError(
          directory,
          `can't start the server, got port ${port} in use`,
          'choose another port',
        );
      const running = await Container.start({
        image,
        command: ['serve'],
        directory,
        environment: {
          ...context.containerEnvironment,
          ...container.environment,
          SAGEMAKER_BIND_TO_PORT: String(port),
        },
      });
      const failure = await untilHealthy(running, port, props);
      if (failure === undefined) return server(running, port);
      await running.stop(signal?.aborted === true ? STOP_GRACE_MS : 1_000);
      signal?.throwIfAborted();
      const clash = failure.exited && props.port === undefined && !(await isFree(port));
      if (!clash || attempt === MOST_PORTS) throw failure.error;
    } finally {
      reserved?.release();
    }
  }
}

function server(container: Container, port: number): ModelServer {
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    identity: container.identity,
    exited: container.exited,
    log: container.log,
    stop: async (graceMs = STOP_GRACE_MS) => {
      await container.stop(graceMs);
    },
  };
}

/** @returns undefined once the server answers */
async function untilHealthy(
  container: Container,
  port: number,
  { healthTimeoutSeconds = 240, signal }: ModelServerProps,
): Promise<{ readonly exited: boolean; readonly error: InvalidInputError } | undefined> {
  let exit: Exit | undefined;
  const ended = container.exited.then((value) => (exit = value));
  const aborted = new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const deadline = Date.now() + healthTimeoutSeconds * 1_000;
  const fail = (problem: string, fix: string) => {
    const tail = logTail(container.log).slice(-LONGEST_LOG);
    const said = tail === '' ? 'it wrote nothing' : `its log ends with: ${tail}`;
    return { exited: exit !== undefined, error: new InvalidInputError(container.log, `${problem}; ${said}`, fix) };
  };
  let answer: number | string = 'no answer';
  for (let pause = 50; ; pause = Math.min(pause * 1.5, 1_000)) {
    answer = await ping(port);
    // A server that has ended may still seem to answer when another program took its port.
    if (answer === 200) await Promise.race([ended, delay(0)]);
    if (exit !== undefined) {
      const how = exit.code === null ? `signal ${exit.signal ?? 'unknown'}` : `exit code ${exit.code}`;
      return fail(`the server ended before it was healthy, got ${how}`, 'see the log');
    }
    if (answer === 200) return undefined;
    if (signal?.aborted === true) return fail('the start was cancelled, got a stop', 'start it again');
    if (Date.now() >= deadline)
      return fail(
        `the server did not pass the ping health check within ${healthTimeoutSeconds} s, got ${answer}`,
        'make it answer GET /ping with 200, or give it more time by ContainerStartupHealthCheckTimeoutInSeconds',
      );
    await Promise.race([ended, aborted, delay(Math.min(pause, Math.max(1, deadline - Date.now())))]);
  }
}
