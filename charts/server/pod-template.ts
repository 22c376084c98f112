import type { IContainer, IPodTemplateSpec, ITopologySpreadConstraint } from 'kubernetes-models/v1';
import type { Release } from '../../config/kubernetes/release';
import { serviceAccountOf } from '../../config/kubernetes/served-model';
import { MODEL_LABEL, RELEASE_LABEL } from '../labels';
import { releaseId, type ServedModel } from '../served-model';
import { mountModel } from './artefact';
import { RUNTIMES } from './runtimes';
import { CONTAINER_SECURITY, POD_SECURITY } from './security';
import { type Timing, timing } from './timing';

const GPU = 'nvidia.com/gpu';

/** The pods of one release. @param hashLabel tells the pods of one version from those of the next, for their spread */
export function podTemplate(model: ServedModel, release: Release, hashLabel: string): IPodTemplateSpec {
  const { name, settings } = model;
  const { initContainers, volume, mount } = mountModel(model, release, RUNTIMES[settings.runtime].modelPath);
  const server = serverContainer(model, release, timing(settings));
  return {
    metadata: { labels: { [MODEL_LABEL]: name, [RELEASE_LABEL]: releaseId(release) } },
    spec: {
      serviceAccountName: serviceAccountOf(name),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: timing(settings).terminationGrace,
      securityContext: POD_SECURITY,
      topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((key) =>
        spread(key, name, hashLabel),
      ),
      // Nodes with GPUs usually keep other pods away.
      ...(settings.gpus > 0 ? { tolerations: [{ key: GPU, operator: 'Exists', effect: 'NoSchedule' }] } : {}),
      ...(initContainers.length > 0 ? { initContainers: [...initContainers] } : {}),
      containers: [{ ...server, volumeMounts: [mount, ...(server.volumeMounts ?? [])] }],
      volumes: [
        volume,
        { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      ],
    },
  };
}

function serverContainer({ settings, ...model }: ServedModel, { image }: Release, times: Timing): IContainer {
  const { port, readyPath, command, environment } = RUNTIMES[settings.runtime];
  const httpGet = { path: readyPath, port: 'http' };
  const memory = `${settings.memoryMb}Mi`;
  const gpus: Readonly<Record<string, string>> = settings.gpus > 0 ? { [GPU]: String(settings.gpus) } : {};
  return {
    name: 'server',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [...command],
    ports: [{ name: 'http', containerPort: port }],
    env: Object.entries(environment({ settings, ...model })).map(([name, value]) => ({ name, value })),
    startupProbe: {
      httpGet,
      periodSeconds: times.startupPeriod,
      failureThreshold: times.startupFailures,
      timeoutSeconds: 2,
    },
    readinessProbe: { httpGet, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 },
    // Slow to act: a server that is merely busy must not be started anew.
    livenessProbe: { httpGet, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: times.preStop } } },
    // Memory that is promised and not there ends the pod; processor time is only shared.
    resources: { requests: { cpu: `${settings.cpuMillis}m`, memory, ...gpus }, limits: { memory, ...gpus } },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'shm', mountPath: '/dev/shm' },
    ],
  };
}

/** Evenly if that is possible: a full zone must not hold a release up. */
function spread(topologyKey: string, name: string, hashLabel: string): ITopologySpreadConstraint {
  return {
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { [MODEL_LABEL]: name } },
    matchLabelKeys: [hashLabel],
  };
}
