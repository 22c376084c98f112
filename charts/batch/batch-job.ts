import type { ICronJob } from 'kubernetes-models/batch/v1';
import type { IPodSpec, IPodTemplateSpec } from 'kubernetes-models/v1';
import { kubernetesCron } from '../../config/kubernetes/cron';
import type { RuntimeName } from '../../config/kubernetes/runtimes';
import type { ServingOf } from '../../config/serving';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { ServedModel } from '../served-model';
import { podTemplate } from '../server/pod-template';
import { CONTAINER_SECURITY } from '../server/security';

type Container = IPodSpec['containers'][number];

const CONTAINER = 'batch';
const DATA = '/data';
/** Put on pods by the controller. */
const JOB_LABEL = 'batch.kubernetes.io/job-name';
/** Of each server's image: a program that answers files as the server answers requests. */
const PROGRAMS: Readonly<Partial<Record<RuntimeName, readonly string[]>>> = {
  python: ['python3', '-m', 'common.batch'],
  onnx: ['batch'],
};
/** The exit code of these programs for input that no other try makes right. */
const WRONG_INPUT = 2;
/** What a CronJob without a schedule never comes to, for it is suspended. */
const NEVER = '0 0 1 1 *';
const SECONDS_PER_HOUR = 3600;

/**
 * A CronJob whose jobs answer files, a shard an index. Without a schedule it is suspended, and `kubectl create job
 * --from` starts one: a bare Job among manifests would run with every release, or block it.
 */
export function batchJob(model: ServedModel, serving: ServingOf<'batch'>): ICronJob {
  const { name, settings } = model;
  const { batch } = settings;
  if (!batch) {
    throw new InvalidInputError(`model ${name}`, 'a batch needs a volume, got no kubernetes.batch', 'name its claim');
  }
  const { instanceCount, schedule, timeZone } = serving;
  const cron = schedule === undefined ? undefined : kubernetesCron(schedule);
  if (cron && 'problem' in cron) throw new InvalidInputError(`model ${name}`, cron.problem, cron.fix);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      schedule: cron?.expression ?? NEVER,
      timeZone,
      suspend: cron === undefined,
      concurrencyPolicy: 'Forbid',
      // Late is better than not at all, up to an hour.
      startingDeadlineSeconds: SECONDS_PER_HOUR,
      jobTemplate: {
        spec: {
          completionMode: 'Indexed',
          completions: instanceCount,
          parallelism: instanceCount,
          backoffLimitPerIndex: batch.retries,
          activeDeadlineSeconds: batch.longestHours * SECONDS_PER_HOUR,
          ttlSecondsAfterFinished: batch.keepHours * SECONDS_PER_HOUR,
          podFailurePolicy: {
            rules: [
              {
                action: 'FailIndex',
                onExitCodes: { containerName: CONTAINER, operator: 'In', values: [WRONG_INPUT] },
              },
              // A node that is drained is nobody's fault, and counts as no try.
              { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
            ],
          },
          template: pod(model, serving, batch.claim),
        },
      },
    },
  };
}

/** The pod of a server, with its download and its security, that ends when its shard is answered. */
function pod(model: ServedModel, serving: ServingOf<'batch'>, claim: string): IPodTemplateSpec {
  // Pods of one job are spread over nodes, whatever the jobs before it left.
  const { metadata, spec } = podTemplate(model, model.stable, JOB_LABEL);
  const { runtime } = model.settings;
  const program = PROGRAMS[runtime];
  if (!program) {
    throw new InvalidInputError(`model ${model.name}`, `no program of ${runtime} answers files`, 'use python or onnx');
  }
  const { containers, volumes = [], ...rest } = spec ?? { containers: [] };
  return {
    metadata,
    spec: {
      ...rest,
      restartPolicy: 'Never',
      containers: containers.map((server) => batchContainer(server, serving, program)),
      volumes: [...volumes, { name: 'data', persistentVolumeClaim: { claimName: claim } }],
    },
  };
}

function batchContainer(
  { image, resources, volumeMounts = [] }: Container,
  serving: ServingOf<'batch'>,
  program: readonly string[],
): Container {
  const { inputPrefix, outputPrefix, instanceCount, maxPayloadMb, joinInput } = serving;
  return {
    name: CONTAINER,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [...program],
    env: [
      { name: 'BATCH_SHARDS', value: String(instanceCount) },
      { name: 'BATCH_INPUT', value: `${DATA}/${inputPrefix}` },
      { name: 'JOB_NAME', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${JOB_LABEL}']` } } },
      // A folder for each job, as with a transform job.
      { name: 'BATCH_OUTPUT', value: `${DATA}/${outputPrefix}/$(JOB_NAME)` },
      { name: 'BATCH_PAYLOAD_MB', value: String(maxPayloadMb) },
      { name: 'BATCH_JOIN_INPUT', value: String(joinInput) },
    ],
    resources,
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [...volumeMounts, { name: 'data', mountPath: DATA }],
  };
}
