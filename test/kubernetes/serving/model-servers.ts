import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Inside, Pod } from '../cluster/pods';
import type { Processes } from '../control-plane/processes';
import { serverPython } from './server-python';

const root = resolve(__dirname, '../../..');

/** What a release does, by the digest of its model. */
export interface Behaviour {
  /** @default - no server: the pod is ready after its time */
  readonly model?: 'good' | 'bad';
  /** From the start of the pod to that of the server. @default 0 */
  readonly loadSeconds?: number;
}

/** Runs the model server of each pod as a process on the pod's own address, with the environment of its container. */
export async function modelServers(
  processes: Processes,
  behaviours: Readonly<Record<string, Behaviour>>,
): Promise<Inside> {
  const { bin, python } = await serverPython();
  const workloads = join(root, 'workloads');
  const folder = join(processes.folder, 'models');
  execFileSync(python, [join(__dirname, 'make_models.py'), folder], { env: { ...process.env, PYTHONPATH: workloads } });
  const behaviourOf = (pod: Pod) => {
    const image = pod.spec.volumes.find((volume) => volume.image)?.image?.reference ?? '';
    const behaviour = behaviours[image];
    if (!behaviour) throw new Error(`no behaviour for the model ${image}`);
    return behaviour;
  };
  const began = new Map<string, number>();
  return {
    start: async (pod) => {
      began.set(pod.metadata.uid, Date.now());
      const { model } = behaviourOf(pod);
      if (!model) return;
      const container = pod.spec.containers[0];
      const given = Object.fromEntries(container?.env?.map(({ name, value }) => [name, value]) ?? []);
      await processes.start(pod.metadata.uid, {
        command: python,
        args: [join(workloads, 'bin', 'serve')],
        environment: {
          ...given,
          PATH: `${bin}:${process.env.PATH}`,
          PYTHONPATH: workloads,
          OMP_NUM_THREADS: '1',
          SAGEMAKER_BASE_DIR: join(folder, model),
          MODEL_SERVER_HOST: pod.status.podIP ?? '',
        },
      });
    },
    isReady: async (pod) => {
      const { model, loadSeconds = 0 } = behaviourOf(pod);
      if (Date.now() - (began.get(pod.metadata.uid) ?? 0) < loadSeconds * 1000) return false;
      if (!model) return true;
      const [container] = pod.spec.containers;
      const url = `http://${pod.status.podIP}:${container?.ports[0]?.containerPort}${container?.readinessProbe.httpGet.path}`;
      return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (answer) => answer.ok,
        () => false,
      );
    },
    end: (pod) => processes.stop(pod.metadata.uid),
  };
}
