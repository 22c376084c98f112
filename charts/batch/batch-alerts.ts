import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import type { ServedModel } from '../served-model';

/**
 * Tells somebody of a job that failed, from what kube-state-metrics says: also of one that was started by hand, whose name is
 * anybody's choice.
 */
export function batchAlerts({ name, environment, namespace }: ServedModel): IPrometheusRule {
  const failed = `kube_job_failed{namespace="${namespace}", condition="true"}`;
  const ours = `kube_job_owner{namespace="${namespace}", owner_kind="CronJob", owner_name="${name}"}`;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name },
    spec: {
      groups: [
        {
          name: `${name}-batch`,
          rules: [
            {
              alert: 'ModelBatchFailed',
              // Several instances of kube-state-metrics say the same.
              expr: `sum(max by (job_name) (${failed}) * on (job_name) max by (job_name) (${ours})) > 0`,
              labels: { model: name, environment, severity: 'ticket' },
              annotations: {
                summary: `A batch of ${name} in ${environment} failed`,
                description: `kubectl -n ${namespace} describe job names the shards, and the logs of their pods the files.`,
              },
            },
          ],
        },
      ],
    },
  };
}
