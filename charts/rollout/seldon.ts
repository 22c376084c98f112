import type { IPodSpec } from 'kubernetes-models/v1';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { KubernetesObject } from '../kubernetes-object';
import { EXECUTOR, proxyPolicy } from '../platform/proxy-policy';
import type { ServedModel } from '../served-model';
import { podTemplate } from '../server/pod-template';
import { RUNTIMES } from '../server/runtimes';
import type { RolloutEngine } from './rollout-engine';
import { type Track, tracks } from './tracks';

/** What this project writes of a predictor: no package has types of it. */
interface Predictor {
  readonly name: string;
  /** In percent; all predictors but the shadow have 100 together. */
  readonly traffic?: number;
  /** Gets a copy of every request. @default false */
  readonly shadow?: boolean;
  readonly graph: {
    readonly name: string;
    readonly type: 'MODEL';
    readonly endpoint: { readonly type: 'REST'; readonly httpPort: number };
    readonly children: readonly never[];
  };
  readonly componentSpecs: readonly {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: IPodSpec;
    readonly replicas: number;
  }[];
}

/** @see https://docs.seldon.io/projects/seldon-core/en/latest/reference/seldon-deployment.html */
interface SeldonDeployment extends KubernetesObject {
  readonly apiVersion: 'machinelearning.seldon.io/v1';
  readonly kind: 'SeldonDeployment';
  readonly spec: { readonly protocol: 'v2'; readonly predictors: readonly Predictor[] };
}

/** One SeldonDeployment with a predictor a release, which has its share of the traffic, or copies of it. */
export const seldon: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'seldon') {
    throw new InvalidInputError(
      `model ${model.name}`,
      `is no SeldonDeployment, got ${engine.kind}`,
      'use its own engine',
    );
  }
  const all = tracks(model, { byPods: false });
  const [, candidate] = all;
  const shadow = model.spec.serving.mode === 'shadow' && candidate?.percent === 0 ? candidate : undefined;
  const deployment: SeldonDeployment = {
    apiVersion: 'machinelearning.seldon.io/v1',
    kind: 'SeldonDeployment',
    metadata: { name: model.name },
    spec: {
      protocol: 'v2',
      predictors: all.map((track) => predictor(model, track, track === shadow)),
    },
  };
  return {
    'executor.yaml': [proxyPolicy(model.name, EXECUTOR, engine.ingressNamespaces)],
    'rollout.yaml': [deployment],
  };
};

function predictor(model: ServedModel, { id, release, percent, replicas }: Track, shadow: boolean): Predictor {
  const { name, settings } = model;
  const { metadata, spec } = podTemplate(model, release, 'pod-template-hash');
  const { containers, ...pod } = spec ?? { containers: [] };
  return {
    // A name has to begin with a letter.
    name: `r${id}`,
    ...(shadow ? { shadow } : { traffic: percent }),
    graph: {
      // The executor asks the container of this name for the model of this name.
      name,
      type: 'MODEL',
      endpoint: { type: 'REST', httpPort: RUNTIMES[settings.runtime].ports.http },
      children: [],
    },
    componentSpecs: [
      {
        metadata: { labels: { ...metadata?.labels } },
        spec: { ...pod, containers: containers.map((container) => ({ ...container, name })) },
        replicas: replicas.max,
      },
    ],
  };
}
