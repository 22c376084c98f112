import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { MODEL_LABEL } from '../labels';

/** A drain takes one pod of a model at a time. Pods that never became ready don't hold it up. */
export function disruptionBudget(model: string): IPodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: model },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { [MODEL_LABEL]: model } },
    },
  };
}
