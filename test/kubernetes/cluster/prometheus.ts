import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { stringify } from 'yaml';
import type { ControlPlane } from '../control-plane/control-plane';
import type { Pod } from './pods';

const targetsFile = (plane: ControlPlane) => join(plane.folder, 'pods.json');

/**
 * Starts Prometheus with the PodMonitors that an API server has. Debian's is built without the discovery of pods, so
 * {@link tellPrometheus} says what it would have found.
 */
export async function startPrometheus(plane: ControlPlane, port: number): Promise<void> {
  const { items } = await plane.api.ask('GET', '/apis/monitoring.coreos.com/v1/podmonitors');
  const file = join(plane.folder, 'prometheus.yaml');
  const scrape_configs = (items as IPodMonitor[]).flatMap((monitor) => scrapeConfigs(monitor, targetsFile(plane)));
  tellPrometheus(plane, []);
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

/** Tells Prometheus of the pods that there are, in the words of its own discovery. */
export function tellPrometheus(plane: ControlPlane, pods: readonly Pod[]): void {
  const targets = pods
    .filter(({ status }) => status.podIP !== undefined)
    .flatMap(({ metadata, spec, status }) =>
      spec.containers.flatMap(({ ports }) =>
        ports.map(({ name, containerPort }) => ({
          targets: [`${status.podIP}:${containerPort}`],
          labels: {
            __meta_kubernetes_namespace: metadata.namespace,
            __meta_kubernetes_pod_name: metadata.name,
            __meta_kubernetes_pod_container_port_name: name,
            ...Object.fromEntries(Object.entries(metadata.labels).map(([label, value]) => [ofPod(label), value])),
          },
        })),
      ),
    );
  const file = targetsFile(plane);
  writeFileSync(`${file}.new`, JSON.stringify(targets));
  renameSync(`${file}.new`, file);
}

const ofPod = (label: string) => `__meta_kubernetes_pod_label_${label.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;

/**
 * A PodMonitor as the Prometheus operator understands it, as far as ours go.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor
 */
function scrapeConfigs({ metadata, spec }: IPodMonitor, targets: string) {
  const { selector, podTargetLabels = [], podMetricsEndpoints } = spec;
  const keep = (label: string, regex: string) => ({ action: 'keep', source_labels: [label], regex });
  return podMetricsEndpoints.map(({ port = '', path, interval }, index) => ({
    job_name: `podMonitor/${metadata?.namespace}/${metadata?.name}/${index}`,
    scrape_interval: interval,
    metrics_path: path,
    file_sd_configs: [{ files: [targets], refresh_interval: '2s' }],
    relabel_configs: [
      keep('__meta_kubernetes_namespace', metadata?.namespace ?? ''),
      ...Object.entries(selector.matchLabels ?? {}).map(([label, value]) => keep(ofPod(label), value)),
      keep('__meta_kubernetes_pod_container_port_name', port),
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ...podTargetLabels.map((label) => ({
        source_labels: [ofPod(label)],
        target_label: label.replaceAll(/[^a-zA-Z0-9_]/g, '_'),
      })),
    ],
  }));
}
