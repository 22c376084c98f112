import type { z } from 'zod';
import { ENGINE_FEATURES, type EngineName } from '../../../../config/kubernetes/engine-features';
import type { KubernetesPlane } from '../../../../config/kubernetes/settings';
import type { ModelInput } from '../../../../config/model-spec';
import { model } from '../smallest';

export type PlaneInput = z.input<typeof KubernetesPlane>;
type ReleasesInput = PlaneInput['releases'][string];
export type ReleaseInput = NonNullable<ReleasesInput['stable']>;

/** An image of this name whose digest is one digit repeated. */
export function image(name: string, digit = 'a'): string {
  return `registry.example.com/${name}@sha256:${digit.repeat(64)}`;
}

/** A release that downloads nothing. */
export function release(digit = 'a'): ReleaseInput {
  return { image: image('churn-server'), artefact: { kind: 'image', image: image('churn-model', digit) } };
}

export const gateway = { name: 'public', namespace: 'gateways', domain: 'models.example.com' };
const { domain } = gateway;
const cidrs: string[] = ['10.0.1.0/24', '10.0.2.0/24'];

/** Every engine with its smallest settings. */
export const ENGINE_SETTINGS = {
  plain: { kind: 'plain', guards: 'alert' },
  'gateway-api': { kind: 'gateway-api', gateway, guards: 'alert' },
  'argo-rollouts': { kind: 'argo-rollouts' },
  'argo-rollouts with a gateway': { kind: 'argo-rollouts', traffic: { kind: 'gateway-api', gateway } },
  'argo-rollouts with Istio': { kind: 'argo-rollouts', traffic: { kind: 'istio', gateway } },
  'argo-rollouts with ALB': { kind: 'argo-rollouts', traffic: { kind: 'alb', domain, cidrs } },
  'argo-rollouts with NGINX': { kind: 'argo-rollouts', traffic: { kind: 'nginx', domain } },
  'flagger with a gateway': { kind: 'flagger', traffic: { kind: 'gateway-api', gateway } },
  'flagger with Istio': { kind: 'flagger', traffic: { kind: 'istio', gateway } },
  kserve: { kind: 'kserve', guards: 'alert' },
  'kserve without Knative': { kind: 'kserve', deploymentMode: 'Standard', guards: 'alert' },
  seldon: { kind: 'seldon', guards: 'alert' },
  'seldon-2': { kind: 'seldon-2', apiServerCidrs: ['10.0.0.0/16'], guards: 'alert' },
} as const satisfies Readonly<Record<EngineName, PlaneInput['engine']>>;

/** The smallest valid plane for the model `churn`: plain Deployments, and nothing released yet. */
export function plane(overrides: Partial<PlaneInput> = {}): PlaneInput {
  return {
    cluster: 'main',
    engine: { kind: 'plain', guards: 'alert' },
    releases: { churn: {} },
    prometheus: { url: 'http://prometheus.monitoring:9090' },
    ...overrides,
  };
}

/** Whether an engine can do it at all. */
export function supports(engine: EngineName, feature: string): boolean {
  return ENGINE_FEATURES.find(({ id }) => id === feature)?.engines[engine] === true;
}

/** A release as this engine takes it: Knative and Seldon Core 2 mount no images. */
export function legalRelease(engine: PlaneInput['engine'], digit = 'a'): ReleaseInput {
  const isKnative = engine.kind === 'kserve' && engine.deploymentMode !== 'Standard';
  if (!isKnative && engine.kind !== 'seldon-2') return release(digit);
  const artefact = { kind: 'download', url: `s3://models/churn/${digit}.tar.gz`, sha256: digit.repeat(64) } as const;
  return { ...release(digit), artefact };
}

/** By what {@link legalRelease} is downloaded. */
export const download: NonNullable<PlaneInput['download']> = { image: image('aws-cli'), cidrs: ['10.0.0.0/16'] };

/** A rollout as this engine takes it: Flagger takes no data for a failure, KServe knows no blue-green. */
export function legalRollout(engine: PlaneInput['engine'], rollout: ModelInput['rollout']): ModelInput['rollout'] {
  if (engine.kind === 'kserve' && rollout.kind === 'blueGreen') return { kind: 'allAtOnce' };
  if (engine.kind !== 'flagger' || rollout.kind === 'allAtOnce') return rollout;
  return { whenInconclusive: 'rollBack', ...rollout };
}

/** Settings of a model as this engine takes them: Seldon Core 2 has servers of its own. */
export function legalServer(engine: PlaneInput['engine']): Partial<NonNullable<ModelInput['kubernetes']>> {
  return engine.kind === 'seldon-2' ? { runtime: 'mlserver' } : {};
}

/** The smallest valid model on any engine; a test states only what it changes. */
export function kubernetesModel(overrides: Partial<ModelInput> = {}): ModelInput {
  return model({ rollout: { kind: 'blueGreen' }, kubernetes: { loadSeconds: 4 }, ...overrides });
}
