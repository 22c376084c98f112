import type { ServingMode } from '../serving';
import type { Engine } from './engine';
import { takesCandidates } from './engine-features';
import type { Artefact, ModelReleases, Release } from './release';

/**
 * What a model serves once a release was decided: a candidate that has taken no step where engine and mode have such, and
 * the release at once elsewhere. A release that is there already, or on its way, changes nothing; the stable one ends the
 * candidate.
 */
export function nextReleases(
  current: ModelReleases,
  release: Release,
  { engine, mode }: { readonly engine: Engine; readonly mode: ServingMode },
): ModelReleases {
  const { stable, candidate } = current;
  const bySteps = takesCandidates(engine) && mode !== 'batch';
  if (!stable || !bySteps) return { stable: stable && isSame(stable, release) ? stable : release };
  if (isSame(stable, release)) return { stable };
  if (candidate && isSame(candidate, release)) return current;
  return { stable, candidate: { ...release, step: 0 } };
}

/** Whether two releases make the same pods. */
export function isSame(one: Release, other: Release): boolean {
  return one.image === other.image && contents(one.artefact) === contents(other.artefact);
}

/** An artefact is what it holds; where it is downloaded from counts only in that it has to be there. */
function contents(artefact: Artefact): string {
  return artefact.kind === 'image' ? artefact.image : `${artefact.url} ${artefact.sha256}`;
}
