import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { waitUntil } from '../../../local/loop/wait-until';
import { programPath } from '../build/program-paths';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, freePort } from '../control-plane/control-plane';

const NAMESPACE = 'monitoring';
const NAME = 'main';

interface Scrape {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly object[];
}

/** Lets the Prometheus operator turn PodMonitors into Prometheus's own configuration. */
export async function startOperator(plane: ControlPlane): Promise<void> {
  await plane.processes.start('prometheus-operator', {
    command: programPath('prometheus-operator'),
    args: [`--kubeconfig=${plane.kubeconfig}`, `--web.listen-address=127.0.0.1:${await freePort('operator')}`],
  });
  await new Applier(plane.api).applied({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: NAME, namespace: NAMESPACE },
    spec: { replicas: 0, podMonitorSelector: {}, podMonitorNamespaceSelector: {}, serviceAccountName: 'prometheus' },
  } as never);
}

/**
 * Starts Prometheus with what the operator made of the PodMonitors of these namespaces. All that is changed is how it
 * reaches the API server: from outside of the cluster, by a kubeconfig.
 */
export async function startPrometheus(plane: ControlPlane, port: number, namespaces: readonly string[]): Promise<void> {
  const jobs = await waitUntil(
    async () => {
      const all = await scrapeConfigs(plane);
      return namespaces.every((name) => all.some(({ job_name }) => job_name.includes(`/${name}/`))) ? all : undefined;
    },
    () =>
      `prometheus-operator: no scrape configuration of ${namespaces.join(', ')}\n${plane.processes.tail('prometheus-operator')}`,
    { timeoutSeconds: 60 },
  );
  const file = join(plane.folder, 'prometheus.yaml');
  const scrape_configs = jobs.map((job) => ({
    ...job,
    kubernetes_sd_configs: job.kubernetes_sd_configs.map((it) => ({ ...it, kubeconfig_file: plane.kubeconfig })),
  }));
  writeFileSync(file, stringify({ scrape_configs }));
  await plane.processes.start('prometheus', {
    command: 'prometheus',
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(plane.folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  });
}

async function scrapeConfigs({ api }: ControlPlane): Promise<readonly Scrape[]> {
  const { status, body } = await api.send('GET', `/api/v1/namespaces/${NAMESPACE}/secrets/prometheus-${NAME}`);
  const text = status === 200 ? body.data?.['prometheus.yaml.gz'] : undefined;
  if (!text) return [];
  const config = parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')) as { scrape_configs?: Scrape[] };
  return config.scrape_configs ?? [];
}
