import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as autoScalingSchemas from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import * as sageMakerSchemas from '@aws-sdk/client-sagemaker';
import { SNSClient } from '@aws-sdk/client-sns';
import { InvalidInputError } from '../../core/invalid-input-error';
import { BacklogScaler } from '../application-auto-scaling/backlog-scaler';
import { applicationAutoScalingOperations } from '../application-auto-scaling/operations';
import { localClientConfig, localClients } from '../clients';
import { ForkServers } from '../container/fork-servers';
import { ImageStore } from '../container/image';
import type { StateDirectory } from '../state-directory';
import { Dispatcher } from './api/dispatcher';
import { httpServer } from './api/http-server';
import { ServiceModel } from './api/service-model';
import { SnsTopics } from './async-inference/sns-topics';
import type { Context } from './context';
import { CloudWatchAlarms } from './endpoint/cloudwatch-alarms';
import { CloudWatchMetrics } from './endpoint/cloudwatch-metrics';
import { createEndpointService } from './endpoint/endpoint-service';
import { endpointConfigOperations } from './endpoint-config/endpoint-config-operations';
import { EventOutbox } from './events/event-outbox';
import { localEventTransport } from './events/event-transport';
import { createComponentService } from './inference-component/component-service';
import { createExperimentService } from './inference-experiment/experiment-service';
import { modelOperations } from './model/model-operations';
import type { ObjectStorage } from './object-storage';
import type { Call, Operations } from './operation';
import { createPipelineService } from './pipeline/pipeline-service';
import { modelPackageGroupOperations } from './registry/model-package-group-operations';
import { modelPackageOperations } from './registry/model-package-operations';
import type { RunningPart } from './running-part';
import { StateClaim } from './state-claim';
import { S3ObjectStorage } from './storage/s3-object-storage';
import { Store } from './store';
import { tagOnCreation } from './tags/tag-on-creation';
import { tagOperations } from './tags/tag-operations';

export interface SageMakerProps {
  /** 0 takes a free one. */
  readonly port: number;
  readonly state: StateDirectory;
  /** `http://localhost:PORT` of the emulator: S3, EventBridge and the rest. It needn't run yet. */
  readonly awsEndpoint: string;
  readonly account: string;
  readonly region: string;
  /** See {@link Context.containerEnvironment}. */
  readonly containerEnvironment: Readonly<Record<string, string>>;
  readonly log: (message: string) => void;
  /** See {@link EndpointServiceOptions.speed}. @default 1 */
  readonly speed?: number;
  /** @default the machine's clock */
  readonly now?: () => Date;
  /** @default the emulator's S3 */
  readonly storage?: ObjectStorage;
  /** Whether processes of jobs are forks of one that has loaded what they import. @default true */
  readonly forkServer?: boolean;
}

export interface SageMakerServer {
  readonly port: number;
  /** Waits a few seconds for the requests that are under way, then ends every process that was started. */
  close(): Promise<void>;
}

/** Time that requests under way have to finish when the server is closed, in milliseconds. */
const GRACE_MS = 5_000;
const SAGEMAKER = new ServiceModel('SageMaker', 'SageMaker', sageMakerSchemas);
const AUTO_SCALING = new ServiceModel('Application Auto Scaling', 'AnyScaleFrontendService', autoScalingSchemas);

/**
 * Starts our SageMaker on the loopback, with its runtime and Application Auto Scaling.
 * @throws InvalidInputError if another program uses the state directory or the port
 */
export async function startSageMaker(props: SageMakerProps): Promise<SageMakerServer> {
  const { port, state, awsEndpoint, account, region, log, now = () => new Date() } = props;
  const claim = await StateClaim.take(state.sagemaker);
  const events = new EventOutbox({
    directory: join(state.sagemaker, 'outbox'),
    transport: localEventTransport(awsEndpoint),
    log,
  });
  const cloudWatch = new CloudWatchClient(localClientConfig(awsEndpoint, region));
  const forkServers = (props.forkServer ?? true) ? new ForkServers({ log }) : undefined;
  const context: Context = {
    account,
    region,
    store: new Store(state.sagemaker),
    storage: props.storage ?? new S3ObjectStorage(localClients(awsEndpoint, region).s3),
    images: new ImageStore(state.images),
    events,
    metrics: new CloudWatchMetrics(cloudWatch),
    alarms: new CloudWatchAlarms(cloudWatch),
    topics: new SnsTopics(new SNSClient(localClientConfig(awsEndpoint, region))),
    log,
    now,
    containerEnvironment: props.containerEnvironment,
    forkServers,
  };

  // Parts reach each other's actions through the dispatcher, so it reads the operations only when it is called.
  const sageMaker: Dispatcher = new Dispatcher(SAGEMAKER, () => operations, log);
  const call: Call = (action, input) => sageMaker.call(action, input);
  const endpoints = createEndpointService(context, call, { speed: props.speed });
  const components = createComponentService(context, call, endpoints.operations, { speed: props.speed });
  const parts: readonly RunningPart[] = [
    endpoints,
    components,
    createPipelineService(context, call),
    createExperimentService(context, call),
  ];
  const operations = tagOnCreation(
    context.store,
    Object.assign(
      {},
      modelPackageGroupOperations(context),
      modelPackageOperations(context),
      modelOperations(context),
      endpointConfigOperations(context),
      tagOperations(context, call),
      ...parts.map((part) => part.operations),
    ) as Operations,
  );
  const scaling = applicationAutoScalingOperations(context, call);
  const scaler = new BacklogScaler({
    context,
    call,
    backlogOf: (name) => endpoints.backlogOf(name),
    speed: props.speed,
  });
  const autoScaling = new Dispatcher(AUTO_SCALING, () => scaling, log);
  const app = httpServer({
    dispatchers: [sageMaker, autoScaling],
    invoke: (invocation) =>
      invocation.inferenceComponent === undefined
        ? endpoints.invoke(invocation)
        : components.invoke(invocation.inferenceComponent, invocation),
    // A component has the name of its endpoint, which only hosts it.
    deploymentsOf: (name) => components.deploymentsOf(name) ?? endpoints.deploymentsOf(name),
    invokeAsync: (invocation) => endpoints.invokeAsync(invocation),
    log,
  });

  async function close(): Promise<void> {
    await Promise.race([app.close(), delay(GRACE_MS, undefined, { ref: false })]);
    app.server.closeAllConnections();
    await scaler.close();
    await Promise.all(parts.map((part) => part.close()));
    forkServers?.close();
    await events.close();
    claim.release();
  }

  try {
    events.start();
    await Promise.all(parts.map((part) => part.resume()));
    scaler.start();
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    await close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new InvalidInputError(`port ${port}`, 'another program listens on it', 'choose another port', {
      cause: error,
    });
  }
  return { port: (app.server.address() as { port: number }).port, close };
}
