import type { IContainer, IPodSecurityContext, IProbe } from 'kubernetes-models/v1';
import { InvalidInputError } from '../../core/invalid-input-error';
import { proxyPolicy, QUEUE_PROXY } from '../platform/proxy-policy';
import type { ServedModel } from '../served-model';
import { podTemplate } from '../server/pod-template';
import type { InferenceService, Predictor } from './kserve-objects';
import type { RolloutEngine } from './rollout-engine';
import { surge } from './surge';
import { tracks } from './tracks';

/**
 * Without it KServe and Knative take their own autoscaler, which knows no processor time, and both refuse the service.
 * @see https://knative.dev/docs/serving/autoscaling/autoscaling-metrics/
 */
const SCALED_BY_HPA = { 'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev' };

/** The name that KServe knows the server by. */
const CONTAINER = 'kserve-container';

/**
 * One InferenceService, whose newest revision is the candidate while there is one. KServe remembers the revision before,
 * so the stable release isn't written beside it.
 */
export const kserve: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'kserve') {
    throw new InvalidInputError(
      `model ${model.name}`,
      `is no InferenceService, got ${engine.kind}`,
      'use its own engine',
    );
  }
  const [stable, candidate] = tracks(model, { byPods: false });
  const newest = candidate ?? stable;
  const share = candidate ? { canaryTrafficPercent: candidate.percent } : {};
  const { deploymentMode, ingressNamespaces } = engine;
  const knative = deploymentMode === 'Knative';
  const predictor = knative ? { ...share, ...onKnative(model, newest.release) } : onDeployments(model, newest.release);
  return {
    ...(knative ? { 'queue-proxy.yaml': [proxyPolicy(model.name, QUEUE_PROXY, ingressNamespaces)] } : {}),
    'rollout.yaml': [inferenceService(model, deploymentMode, predictor)],
  };
};

function inferenceService(model: ServedModel, deploymentMode: string, predictor: Predictor): InferenceService {
  const annotations = {
    'serving.kserve.io/deploymentMode': deploymentMode,
    ...(deploymentMode === 'Knative' ? SCALED_BY_HPA : {}),
  };
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: model.name, annotations },
    spec: { predictor },
  };
}

type Release = ServedModel['stable'];

/** @param hashLabel which KServe's own controller tells the pods of two versions apart by */
function predictorOf(model: ServedModel, release: Release, hashLabel: string): Predictor {
  const { metadata, spec } = podTemplate(model, release, hashLabel);
  const { containers, ...pod } = spec ?? { containers: [] };
  return {
    minReplicas: model.replicas.min,
    maxReplicas: model.replicas.max,
    scaleMetric: 'cpu',
    scaleTarget: model.settings.cpuTargetPercent,
    timeout: model.settings.longestRequestSeconds,
    labels: { ...metadata?.labels },
    ...(metadata?.annotations ? { annotations: metadata.annotations } : {}),
    ...pod,
    containers: containers.map((container) => ({ ...container, name: CONTAINER })),
  };
}

function onDeployments(model: ServedModel, release: Release): Predictor {
  const strategy = { type: 'RollingUpdate', rollingUpdate: surge(model.settings) } as const;
  return { ...predictorOf(model, release, 'pod-template-hash'), deploymentStrategy: strategy };
}

/**
 * Knative drains pods by itself, before their end and for as long as `timeout` says, and refuses to be told how. It knows
 * one port, by its number.
 * @see https://github.com/knative/serving/blob/main/pkg/apis/serving/fieldmask.go
 */
function onKnative(model: ServedModel, release: Release): Predictor {
  const predictor = predictorOf(model, release, 'serving.knative.dev/revision');
  const { terminationGracePeriodSeconds: _, securityContext = {}, ...rest } = predictor;
  const containers = predictor.containers.map(containerOnKnative);
  return { ...rest, securityContext: securityOnKnative(securityContext), containers };
}

/** The policy is about volumes that last, and a server has none. */
function securityOnKnative(whole: IPodSecurityContext): IPodSecurityContext {
  const { fsGroupChangePolicy: _, ...context } = whole;
  return context;
}

function containerOnKnative(whole: IContainer): IContainer {
  const { lifecycle: _, ports = [], ...container } = whole;
  const http = ports.find(({ name }) => name === 'http') ?? ports[0];
  const port = http?.containerPort ?? 0;
  return {
    ...container,
    ports: [{ containerPort: port, protocol: 'TCP' }],
    startupProbe: byNumber(container.startupProbe, port),
    readinessProbe: byNumber(container.readinessProbe, port),
    livenessProbe: byNumber(container.livenessProbe, port),
  };
}

function byNumber(probe: IProbe | undefined, port: number): IProbe {
  return { ...probe, httpGet: { ...probe?.httpGet, port } };
}
