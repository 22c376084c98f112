import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { FLAGGER_LABEL, MODEL_LABEL, RELEASE_LABEL, ROLLOUT_HASH_LABEL } from '../labels';
import type { ServedModel } from '../served-model';
import { RUNTIMES } from '../server/runtimes';

/** What Knative calls the one port of a server. */
const KNATIVE_PORT = 'user-port';

/** Has a model's pods scraped, each series with the version that it is of: guards tell versions apart by it. */
export function podMonitor({ name, plane, settings }: ServedModel): IPodMonitor {
  const { ports, metrics } = RUNTIMES[settings.runtime];
  const { engine } = plane;
  const knative = engine.kind === 'kserve' && engine.deploymentMode === 'Knative';
  const ownPort = ports.metrics ? 'metrics' : 'http';
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name },
    spec: {
      selector: { matchLabels: { [MODEL_LABEL]: name } },
      podTargetLabels: [
        MODEL_LABEL,
        RELEASE_LABEL,
        ROLLOUT_HASH_LABEL,
        ...(engine.kind === 'flagger' ? [FLAGGER_LABEL] : []),
      ],
      // Four samples in the minute that a guard looks at.
      podMetricsEndpoints: [{ port: knative ? KNATIVE_PORT : ownPort, path: metrics.path, interval: '15s' }],
    },
  };
}
