import { InvalidInputError } from '../../core/invalid-input-error';
import { MODEL_LABEL, RELEASE_LABEL } from '../labels';
import { autoscaler } from '../platform/autoscaler';
import { service } from '../server/service';
import { deployment } from './deployment';
import { httpRoute } from './http-route';
import type { RolloutEngine } from './rollout-engine';
import { tracks } from './tracks';

/** A Deployment and a Service a release, and a route with their weights. */
export const gatewayApi: RolloutEngine = (model) => {
  const { engine } = model.plane;
  if (engine.kind !== 'gateway-api') {
    throw new InvalidInputError(`model ${model.name}`, `has no gateway, got ${engine.kind}`, 'use its own engine');
  }
  const all = tracks(model, { byPods: false });
  const { serving } = model.spec;
  const [, candidate] = all;
  const shadow = serving.mode === 'shadow' && candidate?.percent === 0 ? candidate : undefined;
  const backends = all.filter((track) => track !== shadow).map(({ name, percent }) => ({ name, weight: percent }));
  return {
    'service.yaml': all.map(({ name, id }) => service(model, name, { [MODEL_LABEL]: model.name, [RELEASE_LABEL]: id })),
    'deployment.yaml': all.map((track) => deployment(model, track)),
    'autoscaling.yaml': all.map(({ name, replicas }) =>
      autoscaler(model, { apiVersion: 'apps/v1', kind: 'Deployment', name }, replicas),
    ),
    'route.yaml': [
      httpRoute(
        model,
        engine.gateway,
        backends,
        shadow && serving.mode === 'shadow' ? { name: shadow.name, percent: serving.samplePercent } : undefined,
      ),
    ],
  };
};
