import type { Faults } from '../../core/faults';
import type { EnvironmentSpec } from '../environment-spec';
import type { ModelSpec } from '../model-spec';
import { checkBatchOnKubernetes } from './check-batch';
import { checkDelivery } from './check-delivery';
import { checkEngine } from './check-engine';
import { checkFramework } from './check-framework';
import { checkReleases } from './check-releases';
import { rolloutSteps } from './rollout-steps';
import { WITH_GRPC } from './runtimes';
import { namespaceOf, replicasOf } from './served-model';
import type { KubernetesPlane } from './settings';

/** Holds the planes of all environments, and their models, against each other. */
export function checkKubernetes(
  file: string,
  environments: Readonly<Record<string, EnvironmentSpec>>,
  models: Readonly<Record<string, ModelSpec>>,
  faults: Faults,
): void {
  for (const [name, environment] of Object.entries(environments)) {
    const at = (path: string) => `${file}: ${name}.${path}`;
    const plane = environment.kubernetes;
    const listed = environment.planes.includes('kubernetes');
    if (listed && !plane) {
      faults.add(
        at('kubernetes'),
        'the plane kubernetes needs its settings, got nothing',
        'give cluster, engine, releases and prometheus, or leave the plane out: docs/guide/kubernetes.md',
      );
    }
    if (!plane) continue;
    if (!listed) {
      faults.add(
        at('planes'),
        `must have kubernetes where its settings are given, got ${environment.planes.join(', ')}`,
        'add it, or leave the settings out',
      );
    }
    if (plane.engine.kind === 'seldon-2' && plane.callerNamespaces.length > 0) {
      faults.add(
        at('kubernetes.callerNamespaces'),
        `callers ask Seldon's gateway, never the pods, got ${plane.callerNamespaces.join(', ')}`,
        'leave it out, and open the gateway by a policy of your own',
      );
    }
    checkReleases(at, environment.models, plane, faults);
    checkDelivery(at, environment, plane, models, faults);
    for (const model of environment.models) {
      const spec = models[model];
      if (spec) checkModel(at, model, spec, environment, plane, faults);
    }
  }
  checkSharedNamespaces(file, environments, faults);
}

function checkModel(
  at: (path: string) => string,
  model: string,
  spec: ModelSpec,
  environment: EnvironmentSpec,
  plane: KubernetesPlane,
  faults: Faults,
): void {
  const replicas = replicasOf(environment, spec);
  const whereReplicas = spec.kubernetes?.replicas ? `config/models.ts: ${model}.kubernetes.replicas` : at('instances');
  if (spec.kubernetes?.replicas && replicas.min > replicas.max) {
    faults.add(
      whereReplicas,
      `min must not exceed max, got ${replicas.min} and ${replicas.max}`,
      'swap or widen the bounds',
    );
  }
  if (!spec.kubernetes) {
    faults.add(
      `config/models.ts: ${model}.kubernetes`,
      'a model on Kubernetes needs its loadSeconds, because probes follow from them, got nothing',
      'measure how long the server takes to answer /ping and write it down',
    );
  } else if (spec.serving.mode === 'batch') {
    checkBatchOnKubernetes(model, spec, spec.kubernetes, spec.serving, faults);
  } else if (spec.kubernetes.gpus > 0) {
    checkGpus(model, spec.kubernetes, replicas, whereReplicas, faults);
  }
  if (spec.kubernetes?.grpc && !WITH_GRPC.includes(spec.kubernetes.runtime)) {
    faults.add(
      `config/models.ts: ${model}.kubernetes.grpc`,
      `is answered by ${WITH_GRPC.join(', ')} only, got ${spec.kubernetes.runtime}`,
      'leave it out, or use the runtime onnx',
    );
  }
  if (spec.kubernetes) checkFramework(model, spec, spec.kubernetes, faults);
  const { candidate } = plane.releases[model] ?? {};
  if (candidate && spec.serving.mode === 'batch') {
    faults.add(
      at(`kubernetes.releases.${model}.candidate`),
      'a batch has no traffic to share, got a candidate',
      'write the new release into stable: the next job uses it',
    );
  }
  const step = candidate?.step ?? 0;
  const steps = rolloutSteps(spec.rollout).length;
  if (step > steps) {
    faults.add(
      at(`kubernetes.releases.${model}.candidate.step`),
      `the rollout ${spec.rollout.kind} has ${steps} ${steps === 1 ? 'step' : 'steps'}, got ${step}`,
      'after the last step the candidate becomes stable',
    );
  }
  const { engine, autoscaler, releases } = plane;
  const asked = { spec, engine, replicas, autoscaler, releases: releases[model] };
  checkEngine(at('kubernetes'), model, asked, plane.unwatchedGuards, faults);
  if (plane.autoscaler === 'keda' && spec.autoscaling && spec.autoscaling.kind !== 'invocations') {
    faults.add(
      at('kubernetes.autoscaler'),
      `keda scales on requests, got keda and the autoscaling ${spec.autoscaling.kind} of ${model}`,
      'use hpa, or the autoscaling invocations',
    );
  }
}

function checkGpus(
  model: string,
  { maxSurge = 0 }: NonNullable<ModelSpec['kubernetes']>,
  replicas: { readonly min: number },
  whereReplicas: string,
  faults: Faults,
): void {
  if (maxSurge > 0) {
    faults.add(
      `config/models.ts: ${model}.kubernetes.maxSurge`,
      `must be 0 with GPUs, because a pod more waits for a GPU that nobody has, got ${maxSurge}`,
      'leave it out: one pod ends before the next one starts',
    );
  }
  if (replicas.min < 2) {
    faults.add(
      whereReplicas,
      `${model} has GPUs, so one pod ends before the next one starts and another has to serve meanwhile, got ${replicas.min}`,
      'raise min to 2',
    );
  }
}

function checkSharedNamespaces(
  file: string,
  environments: Readonly<Record<string, EnvironmentSpec>>,
  faults: Faults,
): void {
  const first = new Map<string, string>();
  for (const [name, environment] of Object.entries(environments)) {
    if (!environment.kubernetes) continue;
    const namespace = namespaceOf(name, environment);
    for (const model of environment.models) {
      const place = [environment.kubernetes.cluster, namespace, model].join('/');
      const other = first.get(place);
      first.set(place, other ?? name);
      if (other === undefined || other === name) continue;
      faults.add(
        `${file}: ${name}.kubernetes.namespace`,
        `two models of one name can't share a namespace, got ${model} of ${other} and of ${name} in ${namespace}`,
        'give each environment a namespace of its own',
      );
    }
  }
}
