import { unmeasured } from '../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES, type KubernetesGuard } from '../../config/kubernetes/watched-guards';
import { modelLabel, prometheusLabel, RELEASE_LABEL } from '../labels';
import type { ServedModel } from '../served-model';
import { activeGuards } from './guards';
import { guardByRelease, requestRateByRelease } from './queries';

/** One graph, whatever draws it. */
export interface DashboardPanel {
  readonly title: string;
  /** As Grafana names it. */
  readonly unit: string;
  readonly query: string;
  /** Label whose value names a line. */
  readonly by: string;
  /** Drawn as a line: a release is bad above it. @default - nothing judges it */
  readonly limit?: number;
}

const WINDOW = '5m';
const RELEASE = prometheusLabel(RELEASE_LABEL);
const BYTES_PER_MB = 1024 * 1024;
const TITLES: Readonly<Record<KubernetesGuard, readonly [title: string, unit: string]>> = {
  errorRatePercent: ['Errors of the server', 'percent'],
  clientErrorRatePercent: ['Errors of callers', 'percent'],
  p50LatencyMs: ['Latency, median', 'ms'],
  p99LatencyMs: ['Latency, 99th percentile', 'ms'],
};

/** What somebody looks at who was paged: traffic, what the guards judge, saturation, and where the rollout stands. */
export function dashboardPanels(model: ServedModel): readonly DashboardPanel[] {
  const rate = requestRateByRelease(model, WINDOW);
  return [
    { title: 'Requests', unit: 'reqps', query: rate, by: RELEASE },
    {
      title: 'Share of the traffic',
      unit: 'percent',
      query: `100 * ${rate} / scalar(sum(${rate}))`,
      by: RELEASE,
    },
    ...judged(model),
    ...saturation(model),
    ...rolloutState(model),
  ];
}

/** All guards that the server can answer, also those that are off: they have no limit. */
function judged(model: ServedModel): DashboardPanel[] {
  const limits = new Map(activeGuards(model).map(({ guard, limit }) => [guard, limit]));
  return GUARDS_ON_KUBERNETES.filter((guard) => !unmeasured(model.settings.runtime, guard)).map((guard) => {
    const [title, unit] = TITLES[guard];
    const limit = limits.get(guard);
    const query = guardByRelease(model, guard, WINDOW);
    return { title, unit, query, by: RELEASE, ...(limit === undefined ? {} : { limit }) };
  });
}

/** Of what its pods were promised. Which pods are the model's, the scrape of them says. */
function saturation(model: ServedModel): DashboardPanel[] {
  const { namespace, name, settings, plane } = model;
  const up = `up{namespace="${namespace}", ${prometheusLabel(modelLabel(plane.engine))}="${name}"}`;
  const ofModel = `* on (pod) group_left () (0 * max by (pod) (${up}) + 1)`;
  // Engines have names of their own for it.
  const named = plane.engine.kind === 'seldon-2' ? `="${settings.runtime}"` : `=~"server|kserve-container|${name}"`;
  const container = `{namespace="${namespace}", container${named}}`;
  const cpu = `sum by (pod) (rate(container_cpu_usage_seconds_total${container}[${WINDOW}]))`;
  const memory = `sum by (pod) (container_memory_working_set_bytes${container})`;
  const percentOf = (used: string, promised: number) => `100 * ${used} / ${promised} ${ofModel}`;
  return [
    { title: 'Pods that answer', unit: 'short', query: `sum by (${RELEASE}) (${up})`, by: RELEASE },
    {
      title: 'Processor time, of what is asked for',
      unit: 'percent',
      query: percentOf(cpu, settings.cpuMillis / 1000),
      by: 'pod',
    },
    {
      title: 'Memory, of the limit',
      unit: 'percent',
      query: percentOf(memory, settings.memoryMb * BYTES_PER_MB),
      by: 'pod',
      limit: 100,
    },
  ];
}

/** What the controllers say of themselves; where there is none, the share of the traffic is all there is to see. */
function rolloutState({ namespace, name, plane }: ServedModel): DashboardPanel[] {
  if (plane.engine.kind === 'argo-rollouts') {
    const query = `sum by (phase) (rollout_info{namespace="${namespace}", name="${name}"})`;
    return [{ title: 'Rollout', unit: 'short', query, by: 'phase' }];
  }
  if (plane.engine.kind === 'flagger') {
    const query = `max by (name) (flagger_canary_status{namespace="${namespace}", name="${name}"})`;
    return [{ title: 'Canary: 0 runs, 1 succeeded, 2 failed', unit: 'short', query, by: 'name' }];
  }
  return [];
}
