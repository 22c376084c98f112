import { MODEL_LABEL, RELEASE_LABEL } from '../labels';
import { objectName } from '../object-name';
import { autoscaler } from '../platform/autoscaler';
import type { ServedModel } from '../served-model';
import { service } from '../server/service';
import { deployment } from './deployment';
import type { RolloutEngine } from './rollout-engine';
import { tracks } from './tracks';

/**
 * A Deployment a release behind one Service. Its selector names the release that has all traffic, or, while a step shares
 * it, just the model: each pod then gets the same.
 */
export const plain: RolloutEngine = (model) => {
  const all = tracks(model, { byPods: true });
  const only = all.find(({ percent }) => percent === 100);
  const release: Readonly<Record<string, string>> = only ? { [RELEASE_LABEL]: only.id } : {};
  const [, candidate] = all;
  return {
    'service.yaml': [
      service(model, model.name, { [MODEL_LABEL]: model.name, ...release }),
      ...(candidate ? [candidateService(model, candidate.id)] : []),
    ],
    'deployment.yaml': all.map((track) => deployment(model, track)),
    'autoscaling.yaml': all.map(({ name, replicas }) =>
      autoscaler(model, { apiVersion: 'apps/v1', kind: 'Deployment', name }, replicas),
    ),
  };
};

/** To try a candidate by, before it gets traffic. */
function candidateService(model: ServedModel, id: string) {
  const { name } = model;
  return service(model, objectName(name, 'candidate'), { [MODEL_LABEL]: name, [RELEASE_LABEL]: id });
}
