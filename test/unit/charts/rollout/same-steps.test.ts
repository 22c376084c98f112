import { assert, constantFrom, integer, oneof, property, record } from 'fast-check';
import { rolloutSteps } from '../../../../config/kubernetes/rollout-steps';
import { Rollout } from '../../../../config/rollout';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';

type Input = NonNullable<Case['rollout']>;
/** KServe without Knative has no steps. */
type Name = Exclude<keyof typeof ENGINE_SETTINGS, 'kserve without Knative'>;

const minutes = integer({ min: 1, max: 60 });
const policies = oneof(
  record({ kind: constantFrom('canary' as const), percent: integer({ min: 10, max: 50 }), bakeMinutes: minutes }),
  record({ kind: constantFrom('linear' as const), stepPercent: integer({ min: 10, max: 50 }), stepMinutes: minutes }),
);

/** Percent of the traffic of the new version after each step, as the engine's own objects say it. */
const SHARES: Readonly<Record<Name, (rollout: Input) => readonly unknown[]>> = {
  plain: byCommits((step, rollout) => {
    const [stable, candidate] = ofKind(objectsOf({ rollout, step }), 'HorizontalPodAutoscaler').map((scaler) =>
      Number(at(scaler, 'spec', 'maxReplicas')),
    );
    const selector = at(ofKind(objectsOf({ rollout, step }), 'Service')[0], 'spec', 'selector') as object;
    // The selector of the last step names the candidate's release; before, both releases share by their pods.
    if ('mlops-stack/release' in selector) return 100;
    return (100 * (candidate ?? 0)) / ((stable ?? 0) + (candidate ?? 0));
  }),
  'gateway-api': byCommits((step, rollout) => {
    const engine = ENGINE_SETTINGS['gateway-api'];
    const [route] = ofKind(objectsOf({ engine, rollout, step }), 'HTTPRoute');
    return at(route, 'spec', 'rules', 0, 'backendRefs', 1, 'weight');
  }),
  kserve: byCommits((step, rollout) => {
    const [service] = ofKind(objectsOf({ engine: ENGINE_SETTINGS.kserve, rollout, step }), 'InferenceService');
    return at(service, 'spec', 'predictor', 'canaryTrafficPercent');
  }),
  seldon: byCommits((step, rollout) => {
    const [deployment] = ofKind(objectsOf({ engine: ENGINE_SETTINGS.seldon, rollout, step }), 'SeldonDeployment');
    return at(deployment, 'spec', 'predictors', 1, 'traffic');
  }),
  'seldon-2': byCommits((step, rollout) => {
    const [experiment] = ofKind(objectsOf({ engine: ENGINE_SETTINGS['seldon-2'], rollout, step }), 'Experiment');
    return at(experiment, 'spec', 'candidates', 1, 'weight');
  }),
  'argo-rollouts': byController('argo-rollouts'),
  'argo-rollouts with a gateway': byController('argo-rollouts with a gateway'),
  'argo-rollouts with Istio': byController('argo-rollouts with Istio'),
  'argo-rollouts with ALB': byController('argo-rollouts with ALB'),
  'argo-rollouts with NGINX': byController('argo-rollouts with NGINX'),
  'flagger with a gateway': byFlagger('flagger with a gateway'),
  'flagger with Istio': byFlagger('flagger with Istio'),
};

/** A commit a step. */
function byCommits(share: (step: number, rollout: Input) => unknown) {
  return (rollout: Input) => rolloutSteps(Rollout.parse(rollout)).map((_, index) => share(index + 1, rollout));
}

function byController(name: Name) {
  return (rollout: Input) => {
    const [object] = ofKind(objectsOf({ engine: ENGINE_SETTINGS[name], rollout }), 'Rollout');
    const steps = at(object, 'spec', 'strategy', 'canary', 'steps') as object[];
    return steps.flatMap((step) => ('setWeight' in step ? [step.setWeight] : []));
  };
}

function byFlagger(name: Name) {
  return (rollout: Input) => {
    const [object] = ofKind(objectsOf({ engine: ENGINE_SETTINGS[name], rollout }), 'Canary');
    return at(object, 'spec', 'analysis', 'stepWeights') as number[];
  };
}

const EXACT = (Object.keys(SHARES) as Name[]).filter((name) => name !== 'plain');

describe('one policy', () => {
  test.each(EXACT)('has the same shares with %s as on SageMaker', (name) => {
    assert(
      property(policies, (policy) => {
        const wanted = rolloutSteps(Rollout.parse(policy)).map(({ percent }) => percent);
        expect(SHARES[name](policy)).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  });

  test('has at most these shares with plain, to a whole pod', () => {
    assert(
      property(policies, (policy) => {
        const wanted = rolloutSteps(Rollout.parse(policy)).map(({ percent }) => percent);
        const got = SHARES.plain(policy).map(Number);
        // Of 20 pods, one is 5 %.
        wanted.forEach((percent, index) => {
          expect(got[index]).toBeLessThanOrEqual(percent);
          expect(got[index]).toBeGreaterThan(percent - 5);
        });
      }),
      { numRuns: 15 },
    );
  });
});
