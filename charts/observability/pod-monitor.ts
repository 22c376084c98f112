import type { IPodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { FLAGGER_LABEL, modelLabel, RELEASE_LABEL, ROLLOUT_HASH_LABEL } from '../labels';
import type { ServedModel } from '../served-model';
import { RUNTIMES } from '../server/runtimes';

/** What Knative calls the one port of a server. */
const KNATIVE_PORT = 'user-port';

/** What Seldon Core 2 calls that of a server's metrics. */
const SELDON_PORT = 'server-metrics';
/** Four samples in the minute that a guard looks at. */
export const SCRAPE_INTERVAL = '15s';

/** Has a model's pods scraped, each series with the version that it is of: guards tell versions apart by it. */
export function podMonitor({ name, plane, settings }: ServedModel): IPodMonitor {
  const { ports, metrics } = RUNTIMES[settings.runtime];
  const { engine } = plane;
  const knative = engine.kind === 'kserve' && engine.deploymentMode === 'Knative';
  const ownPort = ports.metrics ? 'metrics' : 'http';
  const port = knative ? KNATIVE_PORT : engine.kind === 'seldon-2' ? SELDON_PORT : ownPort;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name },
    spec: {
      selector: { matchLabels: { [modelLabel(engine)]: name } },
      podTargetLabels: [
        modelLabel(engine),
        RELEASE_LABEL,
        ROLLOUT_HASH_LABEL,
        ...(engine.kind === 'flagger' ? [FLAGGER_LABEL] : []),
      ],
      podMetricsEndpoints: [{ port, path: metrics.path, interval: SCRAPE_INTERVAL }],
    },
  };
}
