import { isUnguarded } from '../guards';
import type { ModelSpec } from '../model-spec';
import type { Engine } from './engine';
import type { ModelReleases } from './release';
import { rolloutSteps, stepMinutes } from './rollout-steps';
import { WITH_METRICS_PORT } from './runtimes';
import type { KubernetesPlane } from './settings';

/** An engine, and what splits its traffic where that changes what it can do. */
export const ENGINES = [
  'plain',
  'gateway-api',
  'argo-rollouts',
  'argo-rollouts with a gateway',
  'argo-rollouts with Istio',
  'argo-rollouts with ALB',
  'argo-rollouts with NGINX',
  'flagger with a gateway',
  'flagger with Istio',
  'kserve',
  'kserve without Knative',
  'seldon',
  'seldon-2',
] as const;
export type EngineName = (typeof ENGINES)[number];

const SPLITTERS = { 'gateway-api': 'a gateway', istio: 'Istio', alb: 'ALB', nginx: 'NGINX' } as const;

export function engineName(engine: Engine): EngineName {
  if (engine.kind === 'flagger') return `${engine.kind} with ${SPLITTERS[engine.traffic.kind]}`;
  if (engine.kind === 'kserve' && engine.deploymentMode === 'Standard') return 'kserve without Knative';
  if (engine.kind !== 'argo-rollouts' || !engine.traffic) return engine.kind;
  return `${engine.kind} with ${SPLITTERS[engine.traffic.kind]}`;
}

/** Whether a release can stand beside the stable one, and takes its steps by commits. */
export function takesCandidates(engine: Engine): boolean {
  return can(engine, 'steps') && !movesByItself(engine);
}

/** Whether a controller takes a new release from step to step. */
export function movesByItself(engine: Engine): boolean {
  return can(engine, 'moves-by-itself');
}

function can(engine: Engine, feature: string): boolean {
  return ENGINE_FEATURES.find(({ id }) => id === feature)?.engines[engineName(engine)] === true;
}

/** What a model asks of an engine. */
export interface Asked {
  readonly spec: ModelSpec;
  readonly engine: Engine;
  /** Pods at the least and at the most. */
  readonly replicas: { readonly min: number; readonly max: number };
  readonly autoscaler: KubernetesPlane['autoscaler'];
  /** @default - nothing has been released yet */
  readonly releases?: ModelReleases;
}

/** Something that not every engine can do. */
export interface EngineFeature {
  readonly id: string;
  /** The feature in one sentence. */
  readonly says: string;
  /** By engine: true, or why not. */
  readonly engines: Readonly<Record<EngineName, true | string>>;
  /** What asks for it, as in "got a canary of 10 %"; undefined if nothing does. */
  readonly asked: (asked: Asked) => string | undefined;
  /** What to do instead of another engine. @default - nothing but another engine helps */
  readonly otherwise?: string;
}

/** All engines but these can do it. */
function allBut(reasons: Readonly<Partial<Record<EngineName, string>>>): EngineFeature['engines'] {
  return Object.fromEntries(ENGINES.map((name) => [name, reasons[name] ?? true])) as Record<EngineName, true | string>;
}

const NO_CONTROLLER = 'no controller looks at metrics';
const WITHOUT_CONTROLLER = {
  plain: NO_CONTROLLER,
  'gateway-api': NO_CONTROLLER,
  kserve: NO_CONTROLLER,
  'kserve without Knative': NO_CONTROLLER,
  seldon: NO_CONTROLLER,
  'seldon-2': NO_CONTROLLER,
};
const PODS_REPLACED = 'its Deployment replaces the pods one by one';
const MIRRORS_BY_ISTIO = 'it mirrors by Istio only';
const SCALES_ITSELF = 'it brings its own autoscaler, which takes the utilisation of the CPU';
const FIXED_PODS = 'its pods are fixed in number';
const ALL_STEPS = 'each change takes all steps';
const NO_DATA_FAILS = 'no data is a failed check, and the version goes back';
const AT_THE_END = 'it asks once, at the end of a step, and goes back when the next one would begin';
const LOADS_MODELS: readonly string[] = ['mlserver', 'triton'];
const ONLY_ITS_SERVERS = `its agent loads models into ${LOADS_MODELS.join(' and ')}`;
const HTTP_ROUTES = 'what it weighs here are routes of HTTP: callers over gRPC would stay with the old version';
const ONE_PORT = 'its Services have one port';
const ONE_STEP = 'it copies for one step, and where steps take no time not at all';

/** Every engine against every feature. docs/guide/kubernetes-engines.md is made of it. */
export const ENGINE_FEATURES: readonly EngineFeature[] = [
  {
    id: 'all-at-once',
    says: 'The new version takes all traffic as soon as its pods are ready.',
    engines: allBut({}),
    asked: ({ spec }) => (spec.rollout.kind === 'allAtOnce' ? 'allAtOnce' : undefined),
  },
  {
    id: 'blue-green',
    says: 'Both versions run in full, and all traffic moves at once.',
    engines: allBut({
      kserve: 'a revision without traffic loses its pods',
      'kserve without Knative': PODS_REPLACED,
    }),
    asked: ({ spec }) => (spec.rollout.kind === 'blueGreen' ? 'blueGreen' : undefined),
  },
  {
    id: 'steps',
    says: 'A canary or linear rollout: the new version takes a share of the traffic first.',
    engines: allBut({
      'kserve without Knative': PODS_REPLACED,
    }),
    asked: ({ spec }) => (isShared(spec) ? spec.rollout.kind : undefined),
  },
  {
    id: 'exact-share',
    says: 'The share is the one asked for, whatever the number of pods.',
    engines: allBut({
      'kserve without Knative': PODS_REPLACED,

      plain: 'the share is that of the pods',
      'argo-rollouts': 'the share is that of the pods',
    }),
    asked: (asked) => tooSmallShare(asked),
    otherwise: 'raise the replicas or the percentage',
  },
  {
    id: 'moves-by-itself',
    says: 'It goes from step to step by itself.',
    engines: allBut({
      seldon: 'a commit raises candidate.step',
      'seldon-2': 'a commit raises candidate.step',

      kserve: 'a commit raises candidate.step',
      'kserve without Knative': PODS_REPLACED,

      plain: 'a commit raises candidate.step',
      'gateway-api': 'a commit raises candidate.step',
    }),
    asked: () => undefined,
  },
  {
    id: 'takes-back',
    says: 'The guards take a bad version back without a person.',
    engines: allBut(WITHOUT_CONTROLLER),
    asked: ({ spec: { rollout }, engine }) =>
      rollout.kind === 'allAtOnce' || isUnguarded(rollout.guards) || ('guards' in engine && engine.guards === 'alert')
        ? undefined
        : 'guards',
    otherwise: "set engine.guards to 'alert', and take a bad version back yourself",
  },
  {
    id: 'no-data-takes-back',
    says: 'A version that could not be judged goes back.',
    engines: allBut(WITHOUT_CONTROLLER),
    asked: ({ spec: { rollout } }) =>
      'whenInconclusive' in rollout && rollout.whenInconclusive === 'rollBack'
        ? 'whenInconclusive rollBack'
        : undefined,
    otherwise: 'set whenInconclusive to proceed',
  },
  {
    id: 'no-data-waits',
    says: 'A version that could not be judged does not go back: a person decides, or it goes on.',
    engines: allBut({ 'flagger with a gateway': NO_DATA_FAILS, 'flagger with Istio': NO_DATA_FAILS }),
    asked: ({ spec: { rollout } }) =>
      'whenInconclusive' in rollout && rollout.whenInconclusive === 'proceed' && !isUnguarded(rollout.guards)
        ? 'guards and whenInconclusive proceed'
        : undefined,
    otherwise: 'set whenInconclusive to rollBack',
  },
  {
    id: 'judged-each-minute',
    says: 'A bad version goes back within a minute or two, and not only when its step ends.',
    engines: allBut({
      ...WITHOUT_CONTROLLER,
      'flagger with a gateway': AT_THE_END,
      'flagger with Istio': AT_THE_END,
    }),
    asked: () => undefined,
  },
  {
    id: 'short-way-back',
    says: 'A return to one of the last releases skips the steps.',
    engines: allBut({
      seldon: 'take the candidate out of the config instead',
      'seldon-2': 'take the candidate out of the config instead',

      kserve: 'set candidate.step to 0 instead',
      'kserve without Knative': 'each change replaces pods',

      'flagger with a gateway': ALL_STEPS,
      'flagger with Istio': ALL_STEPS,
      plain: 'take the candidate out of the config instead',
      'gateway-api': 'take the candidate out of the config instead',
    }),
    asked: () => undefined,
  },
  {
    id: 'mirror',
    says: 'A shadow version gets copies of requests, and nobody sees its answers.',
    engines: allBut({
      kserve: 'it copies nothing',
      'kserve without Knative': 'it copies nothing',

      plain: 'a Service copies nothing',
      'argo-rollouts': MIRRORS_BY_ISTIO,
      'argo-rollouts with a gateway': "the plugin's mirror does nothing, up to 0.15",
      'argo-rollouts with ALB': MIRRORS_BY_ISTIO,
      'argo-rollouts with NGINX': MIRRORS_BY_ISTIO,
      'flagger with a gateway': 'without iterations it mirrors by Istio only',
    }),
    asked: ({ spec }) => (spec.serving.mode === 'shadow' ? 'serving mode shadow' : undefined),
    otherwise: 'use the serving mode realtime',
  },
  {
    id: 'open-ended-mirror',
    says: 'A shadow gets copies until somebody promotes it.',
    engines: allBut({
      'argo-rollouts': MIRRORS_BY_ISTIO,
      'argo-rollouts with a gateway': MIRRORS_BY_ISTIO,
      'argo-rollouts with ALB': MIRRORS_BY_ISTIO,
      'argo-rollouts with NGINX': MIRRORS_BY_ISTIO,
      kserve: 'it copies nothing',
      'kserve without Knative': 'it copies nothing',

      plain: 'a Service copies nothing',
      'flagger with a gateway': ONE_STEP,
      'flagger with Istio': ONE_STEP,
    }),
    asked: ({ spec }) =>
      spec.serving.mode === 'shadow' && stepMinutes(spec.rollout) === 0 ? 'a shadow and no time for a step' : undefined,
    otherwise: 'give the rollout a time',
  },
  {
    id: 'mounted-image',
    says: 'A model may be an OCI image, which the kubelet mounts.',
    engines: allBut({
      kserve: 'Knative mounts no images',
      'seldon-2': 'its definition of a Server knows no volume that is an image',
    }),
    asked: ({ releases }) =>
      [releases?.stable, releases?.candidate].some((release) => release?.artefact.kind === 'image')
        ? 'an artefact of the kind image'
        : undefined,
    otherwise: 'use an artefact of the kind download',
  },
  {
    id: 'metrics-port',
    says: `The metrics of ${WITH_METRICS_PORT.join(', ')} have a port of their own, and are scraped there.`,
    engines: allBut({ kserve: 'Knative opens one port of a pod' }),
    asked: ({ spec }) =>
      spec.kubernetes && WITH_METRICS_PORT.includes(spec.kubernetes.runtime)
        ? `the runtime ${spec.kubernetes.runtime}`
        : undefined,
    otherwise: 'use another runtime',
  },
  {
    id: 'partial-mirror',
    says: 'A shadow may get copies of a share of the requests only.',
    engines: allBut({
      plain: 'a Service copies nothing',
      'argo-rollouts': MIRRORS_BY_ISTIO,
      'argo-rollouts with a gateway': MIRRORS_BY_ISTIO,
      'argo-rollouts with ALB': MIRRORS_BY_ISTIO,
      'argo-rollouts with NGINX': MIRRORS_BY_ISTIO,
      'flagger with a gateway': MIRRORS_BY_ISTIO,
      kserve: 'it copies nothing',
      'kserve without Knative': 'it copies nothing',
      seldon: 'a shadow gets copies of all requests',
    }),
    asked: ({ spec: { serving } }) =>
      serving.mode === 'shadow' && serving.samplePercent < 100 ? `samplePercent ${serving.samplePercent}` : undefined,
    otherwise: 'set samplePercent to 100',
  },
  {
    id: 'autoscaling',
    says: 'The number of pods follows the load.',
    engines: allBut({ seldon: FIXED_PODS, 'seldon-2': FIXED_PODS }),
    asked: ({ replicas: { min, max } }) => (min < max ? `${min} to ${max} replicas` : undefined),
    otherwise: 'give the replicas a min that is their max',
  },
  {
    id: 'own-protocols',
    says: 'A server may speak a protocol of its own, as TensorFlow Serving and TorchServe do.',
    engines: allBut({
      seldon: 'its executor speaks the Open Inference Protocol',
      'seldon-2': ONLY_ITS_SERVERS,
    }),
    asked: ({ spec: { kubernetes } }) =>
      kubernetes && ['tensorflow-serving', 'torchserve'].includes(kubernetes.runtime)
        ? `the runtime ${kubernetes.runtime}`
        : undefined,
    otherwise: 'use another runtime',
  },
  {
    id: 'own-servers',
    says: 'A server may be one that knows of no models but its own, as those of this repository are.',
    engines: allBut({ 'seldon-2': ONLY_ITS_SERVERS }),
    asked: ({ spec: { kubernetes, serving } }) =>
      kubernetes && serving.mode !== 'batch' && !LOADS_MODELS.includes(kubernetes.runtime)
        ? `the runtime ${kubernetes.runtime}`
        : undefined,
    otherwise: `use the runtime ${LOADS_MODELS.join(' or ')}`,
  },
  {
    id: 'grpc',
    says: 'A server may answer over gRPC beside HTTP, and a rollout shares those requests too.',
    engines: allBut({
      'argo-rollouts with a gateway': HTTP_ROUTES,
      'argo-rollouts with Istio': HTTP_ROUTES,
      'argo-rollouts with ALB': HTTP_ROUTES,
      'argo-rollouts with NGINX': HTTP_ROUTES,
      'flagger with a gateway': ONE_PORT,
      'flagger with Istio': ONE_PORT,
      kserve: 'Knative opens one port of a pod',
      'kserve without Knative': 'the Service that it makes has one port',
      seldon: 'its executor is told one port of a server',
      'seldon-2': 'its agent calls the server, and speaks gRPC by itself',
    }),
    asked: ({ spec: { kubernetes } }) => (kubernetes?.grpc ? 'grpc' : undefined),
    otherwise: 'leave grpc out',
  },
  {
    id: 'keda',
    says: 'KEDA scales it on requests.',
    engines: allBut({
      seldon: FIXED_PODS,
      'seldon-2': FIXED_PODS,
      kserve: SCALES_ITSELF,
      'kserve without Knative': SCALES_ITSELF,
    }),
    asked: ({ autoscaler }) => (autoscaler === 'keda' ? 'the autoscaler keda' : undefined),
    otherwise: 'use the autoscaler hpa',
  },
];

function isShared({ rollout }: ModelSpec): boolean {
  return rollout.kind === 'canary' || rollout.kind === 'linear';
}

/** A step's share is rounded down to whole pods, so that no more traffic is exposed than was agreed. */
function tooSmallShare({ spec, engine, replicas }: Asked): string | undefined {
  // Without a controller the pods are fixed at the maximum while a release shifts; Argo Rollouts splits what there is.
  const pods = engine.kind === 'argo-rollouts' ? replicas.min : replicas.max;
  const percent = rolloutSteps(spec.rollout)[0]?.percent ?? 100;
  return Math.floor((pods * percent) / 100) < 1
    ? `${percent} % of ${pods} ${pods === 1 ? 'replica' : 'replicas'}`
    : undefined;
}
