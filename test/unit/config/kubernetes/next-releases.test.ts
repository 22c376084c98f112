import * as fc from 'fast-check';
import type { Engine } from '../../../../config/kubernetes/engine';
import { isSame, nextReleases } from '../../../../config/kubernetes/next-releases';
import type { Release } from '../../../../config/kubernetes/release';
import { ModelReleases } from '../../../../config/kubernetes/release';
import type { ServingMode } from '../../../../config/serving';
import { release } from './smallest';

const argo: Engine = { kind: 'argo-rollouts', rollbackReleases: 3 };
const plain: Engine = { kind: 'plain' };
const [a, b, c] = [release('a'), release('b'), release('c')];

const after = (current: ModelReleases, next: Release, engine: Engine, mode: ServingMode = 'realtime') =>
  nextReleases(current, next, { engine, mode });

describe('what a model serves after a release', () => {
  test('is the release at once, before there was any', () => {
    expect(after({}, a, plain)).toEqual({ stable: a });
    expect(after({}, a, argo)).toEqual({ stable: a });
  });

  test('is the release where the engine takes the steps', () => {
    expect(after({ stable: a }, b, argo)).toEqual({ stable: b });
  });

  test('is a candidate without a step where commits take them', () => {
    expect(after({ stable: a }, b, plain)).toEqual({ stable: a, candidate: { ...b, step: 0 } });
  });

  test.each([
    [
      'whose pods KServe replaces',
      { kind: 'kserve', deploymentMode: 'Standard', ingressNamespaces: ['x'] },
      'realtime',
    ],
    ['of a batch, which has no traffic to share', plain, 'batch'],
  ] as const)('is the release at once for a model %s', (_, engine, mode) => {
    expect(after({ stable: a }, b, { ...engine } as Engine, mode)).toEqual({ stable: b });
  });

  test('is another candidate, from its first step on', () => {
    expect(after({ stable: a, candidate: { ...b, step: 2 } }, c, plain)).toEqual({
      stable: a,
      candidate: { ...c, step: 0 },
    });
  });

  test('keeps the steps of a candidate that is released again', () => {
    const current = { stable: a, candidate: { ...b, step: 2 } };
    expect(after(current, b, plain)).toEqual(current);
  });

  test('has no candidate any more once the stable one is released again: that is the way back', () => {
    expect(after({ stable: a, candidate: { ...b, step: 1 } }, a, plain)).toEqual({ stable: a });
  });

  test('takes a release by what is in it, not by its number', () => {
    expect(after({ stable: { ...a, version: 3 } }, { ...a, version: 4 }, argo)).toEqual({
      stable: { ...a, version: 3 },
    });
    expect(isSame(a, { ...a, image: b.image.replace('a'.repeat(64), 'b'.repeat(64)) })).toBe(false);
    const download = { kind: 'download' as const, url: 's3://models/churn/model.tar.gz', sha256: 'a'.repeat(64) };
    expect(isSame({ ...a, artefact: download }, { ...a, artefact: { ...download, sha256: 'b'.repeat(64) } })).toBe(
      false,
    );
  });

  test('is legal and the same when it is asked for twice, whatever was released before', () => {
    const releases = fc.array(fc.constantFrom(a, b, c), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(releases, fc.constantFrom(argo, plain), (sequence, engine) => {
        let current: ModelReleases = {};
        for (const next of sequence) {
          const once = after(current, next, engine);
          expect(after(once, next, engine)).toEqual(once);
          expect(ModelReleases.parse(once)).toEqual(once);
          const served = [once.stable, once.candidate].filter((each) => each && isSame(each, next));
          expect(served).toHaveLength(1);
          current = once;
        }
      }),
    );
  });
});
