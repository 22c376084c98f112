import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import type { IPodTemplateSpec } from 'kubernetes-models/v1';
import { stepMinutes } from '../../config/kubernetes/rollout-steps';
import { InvalidInputError } from '../../core/invalid-input-error';
import { MODEL_LABEL, ROLLOUT_HASH_LABEL } from '../labels';
import { objectName } from '../object-name';
import { autoscaler } from '../platform/autoscaler';
import type { ServedModel } from '../served-model';
import { podTemplate } from '../server/pod-template';
import { service } from '../server/service';
import { timing } from '../server/timing';
import { analysis, analysisTemplate } from './analysis-template';
import { canarySteps } from './canary-steps';
import type { RolloutEngine } from './rollout-engine';
import { routeTraffic } from './routing/route-traffic';
import type { Routing } from './routing/routing';
import { surge } from './surge';

type Spec = NonNullable<IRollout['spec']>;
type Strategy = NonNullable<Spec['strategy']>;
/** The package's types of a pod are of an older Kubernetes, so those of the core are used. */
type Rollout = Omit<IRollout, 'spec'> & { spec: Omit<Spec, 'template'> & { template: IPodTemplateSpec } };

/** How long the old version stays after a rollout has ended. */
const SCALE_DOWN_SECONDS = 60;
const API = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' } as const;

/** One Rollout, whose controller moves the traffic, asks Prometheus and goes back. */
export const argoRollouts: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'argo-rollouts') {
    throw new InvalidInputError(`model ${model.name}`, `is no Rollout, got ${engine.kind}`, 'use its own engine');
  }
  const selector = { [MODEL_LABEL]: model.name };
  const shared = isShared(model);
  const services = { stable: model.name, ...(shared ? { canary: secondService(model) } : {}) };
  const routing = engine.traffic && routeTraffic(model, engine.traffic, services);
  const names = routing?.byServices === false ? [model.name] : [model.name, secondService(model)];
  return {
    'service.yaml': names.map((name) => service(model, name, selector)),
    ...(analysis(model) ? { 'analysis.yaml': [analysisTemplate(model)] } : {}),
    'rollout.yaml': [rollout(model, routing, engine.rollbackReleases)],
    'autoscaling.yaml': [autoscaler(model, { ...API, name: model.name })],
    ...(routing ? { 'route.yaml': routing.objects } : {}),
  };
};

/** Whether both versions take traffic for a while. A shadow's copies need the strategy that has steps, too. */
function isShared({ spec }: ServedModel): boolean {
  return spec.rollout.kind === 'canary' || spec.rollout.kind === 'linear' || spec.serving.mode === 'shadow';
}

/** Of the version that is on its way. */
const secondService = (model: ServedModel) => objectName(model.name, isShared(model) ? 'canary' : 'preview');

function rollout(model: ServedModel, routing: Routing | undefined, rollbackReleases: number): Rollout {
  return {
    ...API,
    metadata: { name: model.name },
    spec: {
      revisionHistoryLimit: Math.max(3, rollbackReleases),
      minReadySeconds: 10,
      progressDeadlineSeconds: timing(model.settings).progressDeadline + bakeSeconds(model),
      // Without it a version that never becomes ready stays half-way for ever (argo-rollouts#4128).
      progressDeadlineAbort: true,
      ...(rollbackReleases > 0 ? { rollbackWindow: { revisions: rollbackReleases } } : {}),
      selector: { matchLabels: { [MODEL_LABEL]: model.name } },
      strategy: isShared(model) ? { canary: canary(model, routing) } : { blueGreen: blueGreen(model) },
      template: podTemplate(model, model.stable, ROLLOUT_HASH_LABEL),
    },
  };
}

function canary(model: ServedModel, routing: Routing | undefined): Strategy['canary'] {
  const canaryService = secondService(model);
  const routed = routing && {
    trafficRouting: routing.trafficRouting,
    abortScaleDownDelaySeconds: SCALE_DOWN_SECONDS,
    scaleDownDelaySeconds: SCALE_DOWN_SECONDS,
  };
  return {
    // The controller points both Services at one version each. Where nothing else sends traffic to both, callers would
    // never meet the new version: without routing the model's own Service keeps all pods. So it does for subsets.
    ...(routing?.byServices ? { stableService: model.name, canaryService } : routing ? {} : { canaryService }),
    ...surge(model.settings),
    ...routed,
    steps: canarySteps(model),
  };
}

/** What judges a version that has all traffic already; undefined where nothing does. */
const bakeAnalysis = (model: ServedModel) => (model.spec.rollout.kind === 'blueGreen' ? analysis(model) : undefined);

/**
 * How long such a version is judged. To the controller that is time without progress, unlike a canary's step that judges: at
 * the deadline it would take back a version that is well.
 * @see https://github.com/argoproj/argo-rollouts/blob/v1.10.1/rollout/sync.go, evaluateProgressDeadlineAbort
 */
function bakeSeconds(model: ServedModel): number {
  return bakeAnalysis(model) ? stepMinutes(model.spec.rollout) * 60 : 0;
}

/** All traffic moves once all pods are ready; the old ones stay for as long as the new ones are watched. */
function blueGreen(model: ServedModel): Strategy['blueGreen'] {
  const judge = bakeAnalysis(model);
  return {
    activeService: model.name,
    previewService: secondService(model),
    autoPromotionEnabled: true,
    scaleDownDelaySeconds: stepMinutes(model.spec.rollout) * 60 + SCALE_DOWN_SECONDS,
    ...(judge ? { postPromotionAnalysis: judge } : {}),
  };
}
