import { assert, integer, property } from 'fast-check';
import { Engine } from '../../../../config/kubernetes/engine';
import { takesCandidates } from '../../../../config/kubernetes/engine-features';
import { nextStep, stepBack } from '../../../../config/kubernetes/next-step';
import { ModelReleases } from '../../../../config/kubernetes/release';
import { Rollout } from '../../../../config/rollout';
import { ENGINE_SETTINGS, release } from './smallest';

const where = 'churn in dev';
const plain = Engine.parse(ENGINE_SETTINGS.plain);
const canary = { rollout: Rollout.parse({ kind: 'canary', percent: 10, bakeMinutes: 15 }) };
const releases = (step: number) => ModelReleases.parse({ stable: release('a'), candidate: { ...release('b'), step } });

const engines = Object.entries(ENGINE_SETTINGS).map(([name, settings]) => [name, Engine.parse(settings)] as const);
const byCommits = engines.filter(([, engine]) => takesCandidates(engine));
const byThemselves = engines.filter(([, engine]) => !takesCandidates(engine));

describe('the next step of a candidate', () => {
  test('is the next share of the policy, and after the last one it is the stable release', () => {
    const first = nextStep(releases(0), { where, engine: plain, spec: canary });
    expect(first).toEqual({ releases: releases(1), step: { number: 1, of: 2, percent: 10, minutes: 15 } });
    const second = nextStep(first.releases, { where, engine: plain, spec: canary });
    expect(second).toEqual({ releases: releases(2), step: { number: 2, of: 2, percent: 100, minutes: 15 } });
    expect(nextStep(second.releases, { where, engine: plain, spec: canary })).toEqual({
      releases: { stable: release('b') },
    });
  });

  test('never takes traffic away, and comes to an end, whatever the policy', () => {
    assert(
      property(integer({ min: 10, max: 50 }), (stepPercent) => {
        const spec = { rollout: Rollout.parse({ kind: 'linear', stepPercent, stepMinutes: 5 }) };
        let current = releases(0);
        let share = 0;
        for (let taken = 0; taken <= 100 && current.candidate; taken += 1) {
          const { releases: then, step } = nextStep(current, { where, engine: plain, spec });
          expect(step?.percent ?? 100).toBeGreaterThanOrEqual(share);
          share = step?.percent ?? 100;
          current = then;
        }
        expect(current).toEqual({ stable: release('b') });
        expect(share).toBe(100);
      }),
    );
  });

  test.each(byCommits)('is taken with %s', (_, engine) => {
    expect(nextStep(releases(0), { where, engine, spec: canary }).releases).toEqual(releases(1));
  });

  test.each(byThemselves)('is refused with %s, whose controller takes it', (_, engine) => {
    expect(() => nextStep({ stable: release() }, { where, engine, spec: canary })).toThrow(
      /^churn in dev: .+ (takes the steps by itself|has no steps), got a step by hand; /,
    );
    expect(() => stepBack({ stable: release() }, { where, engine })).toThrow('got a step by hand');
  });

  test('is refused without a candidate, saying how to get one', () => {
    expect(() => nextStep({ stable: release() }, { where, engine: plain, spec: canary })).toThrow(
      'churn in dev: has a candidate that takes steps, got none; write one: npx mlops release promote',
    );
  });

  test('says what to do with Argo Rollouts instead', () => {
    const engine = Engine.parse(ENGINE_SETTINGS['argo-rollouts']);
    expect(() => nextStep(releases(0), { where, engine, spec: canary })).toThrow('kubectl argo rollouts promote MODEL');
  });
});

describe('the way back', () => {
  test('takes the candidate out', () => {
    expect(stepBack(releases(1), { where, engine: plain })).toEqual({ releases: { stable: release('a') } });
  });

  test('leaves it without traffic with KServe, whose revision of before would have to load anew', () => {
    const engine = Engine.parse(ENGINE_SETTINGS.kserve);
    expect(stepBack(releases(2), { where, engine })).toEqual({ releases: releases(0) });
  });
});
