import type { IContainer, IPodTemplateSpec, ITopologySpreadConstraint } from 'kubernetes-models/v1';
import type { Release } from '../../config/kubernetes/release';
import { serviceAccountOf } from '../../config/kubernetes/served-model';
import { CONFIG_ANNOTATION, MODEL_LABEL, RELEASE_LABEL } from '../labels';
import { releaseId, type ServedModel } from '../served-model';
import { mountModel } from './artefact';
import { grpcPortOf } from './grpc-port';
import { RUNTIMES } from './runtimes';
import { CONTAINER_SECURITY, POD_SECURITY } from './security';
import { configHash, configName, serverConfig } from './server-config';
import { CONFIG_PATH } from './server-runtime';
import { type Timing, timing } from './timing';

const GPU = 'nvidia.com/gpu';

/** The pods of one release. @param hashLabel tells the pods of one version from those of the next, for their spread */
export function podTemplate(model: ServedModel, release: Release, hashLabel: string): IPodTemplateSpec {
  const { name, settings } = model;
  const { initContainers, volume, mount } = mountModel(model, release, RUNTIMES[settings.runtime].modelPath(name));
  const server = serverContainer(model, release, timing(settings));
  const config = serverConfig(model);
  return {
    metadata: {
      ...(config ? { annotations: { [CONFIG_ANNOTATION]: configHash(config) } } : {}),
      labels: { [MODEL_LABEL]: name, [RELEASE_LABEL]: releaseId(release) },
    },
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
        ...(config ? [{ name: 'config', configMap: { name: configName(model) } }] : []),
        { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      ],
    },
  };
}

function serverContainer(model: ServedModel, { image }: Release, times: Timing): IContainer {
  const { name, settings } = model;
  const {
    ports,
    readyPath,
    livePath = readyPath,
    command,
    args,
    workingDirectory,
    environment,
    configFiles,
  } = RUNTIMES[settings.runtime];
  const httpGet = { path: readyPath(name), port: 'http' };
  const grpc = grpcPortOf(model);
  const memory = `${settings.memoryMb}Mi`;
  const gpus: Readonly<Record<string, string>> = settings.gpus > 0 ? { [GPU]: String(settings.gpus) } : {};
  return {
    name: 'server',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: [...command],
    ...(args ? { args: [...args(model)] } : {}),
    ...(workingDirectory ? { workingDir: workingDirectory } : {}),
    ports: Object.entries({ ...ports, ...(grpc === undefined ? {} : { grpc }) }).map(([port, containerPort]) => ({
      name: port,
      containerPort,
    })),
    ...environmentOf(environment(model)),
    startupProbe: {
      httpGet,
      periodSeconds: times.startupPeriod,
      failureThreshold: times.startupFailures,
      timeoutSeconds: 2,
    },
    readinessProbe: { httpGet, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 },
    // Slow to act: a server that is merely busy must not be started anew.
    livenessProbe: {
      httpGet: { ...httpGet, path: livePath(name) },
      periodSeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 5,
    },
    lifecycle: { preStop: { sleep: { seconds: times.preStop } } },
    // Memory that is promised and not there ends the pod; processor time is only shared.
    resources: { requests: { cpu: `${settings.cpuMillis}m`, memory, ...gpus }, limits: { memory, ...gpus } },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'shm', mountPath: '/dev/shm' },
      ...(configFiles ? [{ name: 'config', mountPath: CONFIG_PATH, readOnly: true }] : []),
    ],
  };
}

/** An empty list would be read back as none. */
function environmentOf(variables: Readonly<Record<string, string>>): Pick<IContainer, 'env'> {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  return env.length > 0 ? { env } : {};
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
