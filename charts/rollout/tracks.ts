import type { Release } from '../../config/kubernetes/release';
import { rolloutSteps } from '../../config/kubernetes/rollout-steps';
import { objectName } from '../object-name';
import { releaseId, type ServedModel } from '../served-model';

/** One release's pods, and its share of the traffic. */
export interface Track {
  readonly release: Release;
  readonly id: string;
  /** Of its Deployment: the release is in it, so becoming stable restarts no pod. */
  readonly name: string;
  readonly replicas: { readonly min: number; readonly max: number };
  /** 0 to 100. */
  readonly percent: number;
}

/**
 * The stable release, and the candidate behind it, where no controller moves between them. While there is a candidate
 * both have fixed numbers of pods: an autoscaler has not seen the load that the next step brings.
 * @param byPods whether traffic is split by the number of pods, so that the two share the maximum
 */
export function tracks(model: ServedModel, { byPods }: { readonly byPods: boolean }): readonly [Track, ...Track[]] {
  const { stable, candidate, replicas } = model;
  if (!candidate || releaseId(candidate) === releaseId(stable)) return [track(model, stable, 100, replicas)];
  const steps = rolloutSteps(model.spec.rollout);
  const percent = steps[candidate.step - 1]?.percent ?? 0;
  // A dark candidate has the pods of its first step already.
  const share = (percent === 0 ? steps[0]?.percent : percent) ?? 100;
  const pods = byPods && share < 100 ? Math.floor((replicas.max * share) / 100) : replicas.max;
  const others = byPods && share < 100 ? replicas.max - pods : replicas.max;
  return [
    track(model, stable, 100 - percent, { min: others, max: others }),
    track(model, candidate, percent, { min: pods, max: pods }),
  ];
}

function track(model: ServedModel, release: Release, percent: number, replicas: Track['replicas']): Track {
  const id = releaseId(release);
  return { release, id, name: objectName(model.name, id), replicas, percent };
}
