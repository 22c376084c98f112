import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import type { ISecurityContext } from 'kubernetes-models/v1';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelLabel, RELEASE_LABEL } from '../labels';
import { objectName } from '../object-name';
import type { ServedModel } from '../served-model';
import { mountModel } from '../server/artefact';
import { podTemplate } from '../server/pod-template';
import { CONTAINER_SECURITY } from '../server/security';
import type { RolloutEngine } from './rollout-engine';
import { type Experiment, type Model, SELDON_API, type Server } from './seldon-2-objects';
import { type Track, tracks } from './tracks';

/** Where the checked files of a model are, for Seldon to load them from. */
const FILES = '/mnt/model';
/** Of Seldon's agent, which stands before the server: requests over HTTP and gRPC. */
const AGENT_PORTS = [9001, 9501];
/** Of Seldon's scheduler, which the agent calls: in plain and by TLS. */
const SCHEDULER_PORTS = [9005, 9055];
/** Put on pods by Seldon. */
const SERVER_LABEL = 'seldon-server-name';
/** Seldon's containers write to their own root file systems. */
const { readOnlyRootFilesystem: _, ...WRITES } = CONTAINER_SECURITY;
const SECURITY: ISecurityContext = WRITES;

/**
 * A Server and a Model for each release, and an Experiment with their shares. Seldon's own way to get files checks none of
 * them, so they are downloaded and checked as for any other server, and Seldon loads them from there.
 */
export const seldon2: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'seldon-2') {
    throw new InvalidInputError(`model ${model.name}`, `is no Experiment, got ${engine.kind}`, 'use its own engine');
  }
  const all = tracks(model, { byPods: false });
  return {
    'agent.yaml': [agentPolicy(model, engine.apiServerCidrs)],
    'servers.yaml': all.flatMap((track) => [server(model, track), modelOf(track)]),
    'rollout.yaml': [experiment(model, all)],
  };
};

function server(model: ServedModel, { id, name, release, replicas }: Track): Server {
  const { settings, plane } = model;
  const { spec } = podTemplate(model, release, '');
  const { initContainers, volume, mount } = mountModel(model, release, FILES);
  const [container] = spec?.containers ?? [];
  return {
    apiVersion: SELDON_API,
    kind: 'Server',
    metadata: { name, labels: { [modelLabel(plane.engine)]: model.name, [RELEASE_LABEL]: id } },
    spec: {
      serverConfig: settings.runtime,
      capabilities: [name],
      replicas: replicas.max,
      // The account is Seldon's: its agent reads the API.
      podSpec: {
        terminationGracePeriodSeconds: spec?.terminationGracePeriodSeconds,
        securityContext: spec?.securityContext,
        topologySpreadConstraints: spec?.topologySpreadConstraints?.map(
          ({ topologyKey, maxSkew, whenUnsatisfiable }) => ({
            topologyKey,
            maxSkew,
            whenUnsatisfiable,
            labelSelector: { matchLabels: { [SERVER_LABEL]: name } },
          }),
        ),
        ...(spec?.tolerations ? { tolerations: spec.tolerations } : {}),
        initContainers: [...initContainers],
        containers: [
          { name: 'rclone', securityContext: SECURITY, volumeMounts: [mount] },
          { name: 'agent', securityContext: SECURITY },
          {
            name: settings.runtime,
            image: release.image,
            imagePullPolicy: 'IfNotPresent',
            resources: container?.resources,
            securityContext: SECURITY,
          },
        ],
        volumes: [volume, { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }],
      },
    },
  };
}

/** Its server offers one thing, and it asks for that: no other server can take it. */
function modelOf({ name, replicas }: Track): Model {
  return {
    apiVersion: SELDON_API,
    kind: 'Model',
    metadata: { name },
    spec: { storageUri: FILES, requirements: [name], replicas: replicas.max },
  };
}

/** Callers know its name, whatever the releases are: it is there with one of them, too. */
function experiment({ name, spec }: ServedModel, all: readonly [Track, ...Track[]]): Experiment {
  const [stable, candidate] = all;
  const { serving } = spec;
  const shadow = serving.mode === 'shadow' && candidate?.percent === 0 ? candidate : undefined;
  const mirror =
    shadow && serving.mode === 'shadow' ? { mirror: { name: shadow.name, percent: serving.samplePercent } } : {};
  const split = all.filter((track) => track !== shadow);
  return {
    apiVersion: SELDON_API,
    kind: 'Experiment',
    metadata: { name },
    spec: {
      default: stable.name,
      candidates: split.map((track) => ({ name: track.name, weight: track.percent })),
      ...mirror,
    },
  };
}

/** Lets Seldon's gateway call the agent, and the agent its scheduler and the API. */
function agentPolicy({ name, plane }: ServedModel, apiServerCidrs: readonly string[]): INetworkPolicy {
  const tcp = (port: number) => ({ protocol: 'TCP', port }) as const;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: objectName(name, 'agent') },
    spec: {
      podSelector: { matchLabels: { [modelLabel(plane.engine)]: name } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: {} }], ports: AGENT_PORTS.map(tcp) }],
      egress: [
        { to: [{ podSelector: {} }], ports: SCHEDULER_PORTS.map(tcp) },
        { to: apiServerCidrs.map((cidr) => ({ ipBlock: { cidr } })), ports: [tcp(443)] },
      ],
    },
  };
}
