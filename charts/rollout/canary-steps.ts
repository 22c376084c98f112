import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { rolloutSteps, stepMinutes } from '../../config/kubernetes/rollout-steps';
import type { ServedModel } from '../served-model';
import { analysis } from './analysis-template';
import { publicPaths } from './public-path';
import { MIRROR_ROUTE } from './routing/istio';

type Canary = NonNullable<NonNullable<NonNullable<IRollout['spec']>['strategy']>['canary']>;
type Step = NonNullable<Canary['steps']>[number];

/** The steps of a policy as those of a Rollout: a share, and then the time in which it is judged. */
export function canarySteps(model: ServedModel): Step[] {
  return [
    ...mirrored(model),
    ...rolloutSteps(model.spec.rollout).flatMap(({ percent, minutes }) => [
      { setWeight: percent },
      ...watched(model, minutes),
    ]),
  ];
}

function watched(model: ServedModel, minutes: number): Step[] {
  const judge = analysis(model);
  if (judge) return [{ analysis: judge }];
  return minutes > 0 ? [{ pause: { duration: `${minutes}m` } }] : [];
}

/**
 * Before a shadow takes traffic it gets copies, for as long as a step takes; where steps take no time, until somebody
 * promotes it.
 */
function mirrored(model: ServedModel): Step[] {
  const { serving, rollout } = model.spec;
  if (serving.mode !== 'shadow') return [];
  const minutes = stepMinutes(rollout);
  return [
    { setCanaryScale: { replicas: serving.shadowInstances } },
    {
      setMirrorRoute: {
        name: MIRROR_ROUTE,
        percentage: serving.samplePercent,
        match: publicPaths(model).map((prefix) => ({ path: { prefix } })),
      },
    },
    ...(minutes > 0 ? watched(model, minutes) : [{ pause: {} }]),
    // Without a match it is taken away.
    { setMirrorRoute: { name: MIRROR_ROUTE } },
    { setCanaryScale: { matchTrafficWeight: true } },
  ];
}
