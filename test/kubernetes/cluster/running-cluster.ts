import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { waitUntil } from '../../../local/loop/wait-until';
import { type Case, filesOf } from '../../unit/charts/served';
import { image, release } from '../../unit/config/kubernetes/smallest';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';
import { loadCrds } from '../control-plane/crds';
import { readFiles } from '../manifests/read-files';
import { startControllers } from './controllers';
import { requirePodNetwork } from './pod-network';
import { isReady, type Pod } from './pods';

/** A control plane whose controllers make pods of what is applied. */
export class RunningCluster {
  readonly applier: Applier;

  private constructor(readonly plane: ControlPlane) {
    this.applier = new Applier(plane.api);
  }

  /** @param isNeeded which custom resources, by group and kind: the fewer, the sooner it is there */
  static async start(isNeeded?: (group: string, kind: string) => boolean): Promise<RunningCluster> {
    requirePodNetwork();
    const plane = await startControlPlane();
    try {
      await loadCrds(plane.api, isNeeded);
      await startControllers(plane);
      return new RunningCluster(plane);
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** Applies all that is emitted for the model `churn`, in a namespace of its own. */
  async release(namespace: string, digit: string, choice: Case): Promise<readonly KubernetesObject[]> {
    const plane = { ...choice.plane, namespace, releases: { churn: { stable: release(digit) } } };
    const objects = readFiles(filesOf({ ...choice, plane }));
    await this.applier.applied(...objects);
    return objects;
  }

  async pods(namespace: string): Promise<readonly Pod[]> {
    const { items } = await this.plane.api.ask('GET', `/api/v1/namespaces/${namespace}/pods`);
    return items as readonly Pod[];
  }

  async readyPods(namespace: string): Promise<readonly Pod[]> {
    return (await this.pods(namespace)).filter(isReady);
  }

  /** Waits until it is so, and tells what was seen last where it never is. */
  async until<T>(what: string, look: () => Promise<T>, isSo: (seen: T) => boolean, timeoutSeconds = 120): Promise<T> {
    let last: T | undefined;
    return waitUntil(
      async () => {
        last = await look();
        return isSo(last) ? last : undefined;
      },
      () => `${what}: not so after ${timeoutSeconds} s, got ${JSON.stringify(last)}`,
      { timeoutSeconds, everyMs: 300 },
    );
  }
}

/** The model's files of a release, as its pods name them. */
export const modelOf = (digit: string) => image('churn-model', digit);
