import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import type { ServedModel } from '../served-model';

/** Tells somebody of a job that failed, from what kube-state-metrics says. */
export function batchAlerts({ name, environment, namespace }: ServedModel): IPrometheusRule {
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
              expr: `sum(kube_job_failed{namespace="${namespace}", job_name=~"${name}-[^-]+", condition="true"}) > 0`,
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
