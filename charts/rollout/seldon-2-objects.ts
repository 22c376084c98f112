import type { IContainer, IPodSpec } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../kubernetes-object';

/**
 * What this project writes of Seldon Core 2's resources: no package has types of them.
 * @see https://docs.seldon.ai/seldon-core-2/resources/overview
 */
export const SELDON_API = 'mlops.seldon.io/v1alpha1';

interface Named extends KubernetesObject {
  readonly apiVersion: typeof SELDON_API;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Pods that models are loaded into. Its labels become theirs. */
export interface Server extends Named {
  readonly kind: 'Server';
  readonly spec: {
    /** The ServerConfig with the containers that ours are laid over, by their names. */
    readonly serverConfig: string;
    /** What a model may require. */
    readonly capabilities: readonly string[];
    readonly replicas: number;
    readonly podSpec: Omit<IPodSpec, 'containers'> & { readonly containers: readonly IContainer[] };
  };
}

/** Files, and the servers that can load them. */
export interface Model extends Named {
  readonly kind: 'Model';
  readonly spec: {
    /** As the container `rclone` of the server sees it. */
    readonly storageUri: string;
    readonly requirements: readonly string[];
    readonly replicas: number;
  };
}

/** Splits the requests to `NAME.experiment` between models. */
export interface Experiment extends Named {
  readonly kind: 'Experiment';
  readonly spec: {
    /** A candidate whose own name is split too. */
    readonly default: string;
    readonly candidates: readonly { readonly name: string; readonly weight: number }[];
    /** Gets copies, in percent. @default - nobody */
    readonly mirror?: { readonly name: string; readonly percent: number };
  };
}
