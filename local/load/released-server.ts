import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { JsonObject } from '../../core/json';
import { ImageStore } from '../container/image';
import type { Target } from '../loop/target';
import type { Context } from '../sagemaker/context';
import { resolveContainer } from '../sagemaker/model/resolve-container';
import { type ModelServer, startModelServer } from '../sagemaker/model-server/model-server';
import { S3ObjectStorage } from '../sagemaker/storage/s3-object-storage';
import { Store } from '../sagemaker/store';
import type { StateDirectory } from '../state-directory';

export interface ReleasedServerProps {
  readonly target: Target;
  readonly state: StateDirectory;
  /** PATH and HOME of the machine. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

export interface ReleasedServer {
  readonly server: ModelServer;
  /** As the model package says; 1 unless it does. */
  readonly workers: number;
  /** Ends the server and removes its folder. */
  close(): Promise<void>;
}

/**
 * Starts the server of the released version by itself, beside the endpoint that serves: image, artefact and environment
 * are those that the endpoint has, and nothing of the endpoint's own stands in between.
 * @throws InvalidInputError if nothing is released in the local environment
 */
export async function startReleasedServer(props: ReleasedServerProps): Promise<ReleasedServer> {
  const { target, state, environment, signal } = props;
  const { sageMaker, s3 } = target.clients;
  const { EndpointConfigName } = await sageMaker
    .send(new DescribeEndpointCommand({ EndpointName: target.name }))
    .catch((cause: unknown) => {
      throw new InvalidInputError(
        `${target.props.model} in ${target.props.environment}`,
        'no version is released, got no endpoint',
        'run npx mlops local run',
        { cause },
      );
    });
  const { ProductionVariants: [variant] = [] } = await sageMaker.send(
    new DescribeEndpointConfigCommand({ EndpointConfigName }),
  );
  const container = await resolveContainer(
    async (action, input) =>
      (action === 'DescribeModel'
        ? await sageMaker.send(new DescribeModelCommand({ ModelName: input.ModelName as string }))
        : await sageMaker.send(
            new DescribeModelPackageCommand({ ModelPackageName: input.ModelPackageName as string }),
          )) as unknown as JsonObject,
    variant?.ModelName ?? '',
  );
  const root = await mkdtemp(join(tmpdir(), 'mlops-load-'));
  const remove = () => rm(root, { recursive: true, force: true });
  try {
    const server = await startModelServer({
      context: contextOf(root, new S3ObjectStorage(s3)),
      container,
      directory: join(root, 'server'),
      signal,
    });
    return {
      server,
      workers: Number(container.environment.SAGEMAKER_MODEL_SERVER_WORKERS ?? 1),
      close: async () => {
        await server.stop(1_000);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }

  function contextOf(folder: string, storage: S3ObjectStorage): Context {
    return {
      account: '000000000000',
      region: target.props.region,
      store: new Store(join(folder, 'store')),
      storage,
      images: new ImageStore(state.images),
      events: { publish: () => Promise.resolve() },
      log: () => undefined,
      now: () => new Date(),
      containerEnvironment: {
        PATH: environment.PATH ?? '/usr/bin:/bin',
        HOME: environment.HOME ?? folder,
      },
    };
  }
}
