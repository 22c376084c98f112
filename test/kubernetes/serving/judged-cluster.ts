import { spawnSync } from 'node:child_process';
import { gateway } from '../../unit/config/kubernetes/smallest';
import { startFlagger, startRollouts } from '../cluster/controllers';
import { PodWatch } from '../cluster/pods';
import { startPrometheus, tellPrometheus } from '../cluster/prometheus';
import { modelOf, RunningCluster } from '../cluster/running-cluster';
import { freePort } from '../control-plane/control-plane';
import { startGateway } from '../gateway/contour';
import { envoyProgram } from '../gateway/envoy';
import { type Behaviour, modelServers } from './model-servers';

const GROUPS = /^(argoproj\.io|flagger\.app|projectcontour\.io|gateway\.networking\.k8s\.io)$/;
const KINDS = ['PodMonitor', 'PrometheusRule'];

/** Of Debian's package, as .ci/run installs it. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** A cluster in which controllers judge releases by what Prometheus measures of real model servers. */
export interface JudgedCluster {
  readonly cluster: RunningCluster;
  readonly prometheusUrl: string;
  /** Where the gateway listens, on the loopback. */
  readonly gatewayPort: number;
  /** Has Prometheus scrape what has been applied. To be called once, when it has been. */
  readonly measure: () => Promise<void>;
  readonly podsOf: (namespace: string, digit: string) => Promise<readonly unknown[]>;
  readonly stop: () => Promise<void>;
}

/** @param behaviours of the releases, by the digit of their model */
export async function startJudgedCluster(behaviours: Readonly<Record<string, Behaviour>>): Promise<JudgedCluster> {
  const cluster = await RunningCluster.start((group, kind) => GROUPS.test(group) || KINDS.includes(kind));
  const { plane } = cluster;
  let pods: PodWatch | undefined;
  const stop = async () => {
    await pods?.stop();
    await plane.stop();
  };
  try {
    const port = await freePort('prometheus');
    const prometheusUrl = `http://127.0.0.1:${port}`;
    await startRollouts(plane);
    await startFlagger(plane, prometheusUrl);
    const byModel = Object.entries(behaviours).map(([digit, behaviour]) => [modelOf(digit), behaviour] as const);
    const inside = await modelServers(plane.processes, Object.fromEntries(byModel));
    pods = new PodWatch(plane.api, { ...inside, seen: (all) => tellPrometheus(plane, all) });
    const { name, namespace } = gateway;
    const gatewayPort = await startGateway(plane, await envoyProgram(), { name, namespace });
    return {
      cluster,
      prometheusUrl,
      gatewayPort,
      measure: () => startPrometheus(plane, port),
      podsOf: async (space, digit) => {
        const all = await cluster.readyPods(space);
        return all.filter(({ spec }) => spec.volumes.some((volume) => volume.image?.reference === modelOf(digit)));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
