import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { modelLabel } from '../labels';
import type { ServedModel } from '../served-model';

/** A drain takes one pod of a model at a time. Pods that never became ready don't hold it up. */
export function disruptionBudget({ name, plane }: ServedModel): IPodDisruptionBudget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: { [modelLabel(plane.engine)]: name } },
    },
  };
}
