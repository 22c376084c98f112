import type { JsonObject } from '../../core/json';
import type { ForkServers } from '../container/fork-servers';
import type { ImageStore } from '../container/image';
import type { AlarmSource } from './alarm-source';
import type { MetricPublisher } from './metric-publisher';
import type { ObjectStorage } from './object-storage';
import type { Store } from './store';
import type { TopicPublisher } from './topic-publisher';

/** What every part of our SageMaker is given. Nothing in it reads the environment or the clock by itself. */
export interface Context {
  readonly account: string;
  readonly region: string;
  readonly store: Store;
  readonly storage: ObjectStorage;
  readonly images: ImageStore;
  readonly events: EventPublisher;
  /** Takes what endpoints measure to CloudWatch. @default it is not published */
  readonly metrics?: MetricPublisher;
  /** Where deployments look for alarms. @default nowhere: none ever goes off */
  readonly alarms?: AlarmSource;
  /** Takes notifications of asynchronous inference to SNS. @default nobody is told */
  readonly topics?: TopicPublisher;
  readonly log: (message: string) => void;
  readonly now: () => Date;
  /** Set in every container that is started: the machine's PATH and HOME, MLFLOW_TRACKING_URI and the like. */
  readonly containerEnvironment: Readonly<Record<string, string>>;
  /** Starts the processes of jobs. @default each is started anew */
  readonly forkServers?: ForkServers;
}

/** Publishes to EventBridge as the service itself would, with a source that begins `aws.`. */
export interface EventPublisher {
  publish(event: {
    readonly 'detail-type': string;
    readonly resources: readonly string[];
    readonly detail: JsonObject;
  }): Promise<void>;
}
