import type { IDeployment } from 'kubernetes-models/apps/v1';
import type { Engine } from '../../config/kubernetes/engine';
import { rolloutSteps, stepMinutes } from '../../config/kubernetes/rollout-steps';
import { InvalidInputError } from '../../core/invalid-input-error';
import { FLAGGER_LABEL } from '../labels';
import { autoscaler, REQUESTS_TRIGGER, requestsQuery } from '../platform/autoscaler';
import { releaseId, type ServedModel } from '../served-model';
import { SERVICE_PORT } from '../server/service';
import { timing } from '../server/timing';
import { deployment } from './deployment';
import { type Canary, FLAGGER_API } from './flagger-objects';
import { type GuardTemplate, guardTemplates } from './guard-templates';
import { publicPaths } from './public-path';
import type { RolloutEngine } from './rollout-engine';

type Traffic = Extract<Engine, { kind: 'flagger' }>['traffic'];

/** Flagger's shortest interval, which it falls back to by itself. */
const SHORTEST_INTERVAL = '10s';

/**
 * A Deployment and a Canary. Flagger makes the Services, the route, and a second Deployment with the version that
 * serves; ours is the one that changes.
 */
export const flagger: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'flagger') {
    throw new InvalidInputError(`model ${model.name}`, `is no Canary, got ${engine.kind}`, 'use its own engine');
  }
  const guards = guardTemplates(model);
  return {
    'deployment.yaml': [target(model)],
    'autoscaling.yaml': [autoscaler(model, { apiVersion: 'apps/v1', kind: 'Deployment', name: model.name })],
    ...(guards.length > 0 ? { 'analysis.yaml': guards.map(({ template }) => template) } : {}),
    'rollout.yaml': [canary(model, engine.traffic, guards)],
  };
};

/**
 * Flagger gives the pods that serve another value of the label in the selector, and of that one only. So it's a label
 * that nothing else selects by: budgets, policies and monitors go on to cover both.
 */
function target(model: ServedModel): IDeployment {
  const { name, stable, replicas } = model;
  const track = { release: stable, id: releaseId(stable), name, replicas, percent: 100 };
  const { spec, ...rest } = deployment(model, track);
  const template = spec?.template;
  return {
    ...rest,
    spec: {
      ...spec,
      selector: { matchLabels: { [FLAGGER_LABEL]: name } },
      template: {
        ...template,
        metadata: { ...template?.metadata, labels: { ...template?.metadata?.labels, [FLAGGER_LABEL]: name } },
      },
    },
  };
}

function canary(model: ServedModel, traffic: Traffic, guards: readonly GuardTemplate[]): Canary {
  const { name, settings, spec } = model;
  const minutes = stepMinutes(spec.rollout);
  return {
    apiVersion: FLAGGER_API,
    kind: 'Canary',
    metadata: { name },
    spec: {
      provider: traffic.kind === 'istio' ? 'istio' : 'gatewayapi:v1',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      autoscalerRef: scalerOf(model),
      progressDeadlineSeconds: timing(settings).progressDeadline,
      ...(spec.rollout.kind === 'allAtOnce' ? { skipAnalysis: true } : {}),
      service: {
        name,
        port: SERVICE_PORT,
        portName: 'http',
        targetPort: 'http',
        timeout: `${settings.longestRequestSeconds}s`,
        hosts: [`${name}.${traffic.gateway.domain}`],
        match: publicPaths(model).map((prefix) => ({ uri: { prefix } })),
        ...gateway(traffic),
      },
      analysis: {
        interval: minutes > 0 ? `${minutes}m` : SHORTEST_INTERVAL,
        // One measurement beyond a guard is enough, as with every engine.
        threshold: 1,
        stepWeights: rolloutSteps(spec.rollout).map(({ percent }) => percent),
        ...(spec.serving.mode === 'shadow' ? { mirror: true, mirrorWeight: spec.serving.samplePercent } : {}),
        metrics: guards.map(({ guard, limit, template }) => ({
          name: guard,
          interval: `${minutes}m`,
          templateRef: { name: template.metadata.name },
          thresholdRange: { max: limit },
        })),
      },
    },
  };
}

function scalerOf(model: ServedModel): Canary['spec']['autoscalerRef'] {
  const { name } = model;
  if (model.plane.autoscaler === 'hpa') {
    return { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name };
  }
  // By itself Flagger puts another name into the query for the pods that serve, and they would seem to have no load.
  const primaryScalerQueries = { [REQUESTS_TRIGGER]: requestsQuery(model) };
  return { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name, primaryScalerQueries };
}

function gateway(traffic: Traffic): Pick<Canary['spec']['service'], 'gateways' | 'gatewayRefs'> {
  const { name, namespace } = traffic.gateway;
  if (traffic.kind === 'istio') return { gateways: [`${namespace}/${name}`] };
  const { listener } = traffic.gateway;
  return { gatewayRefs: [{ name, namespace, ...(listener ? { sectionName: listener } : {}) }] };
}
