import type { Faults } from '../../core/faults';
import { engineName, movesByItself, takesCandidates } from './engine-features';
import type { Artefact } from './release';
import type { KubernetesPlane } from './settings';

/** Whether each model of an environment says what it serves, and the engine and the pods can make it so. */
export function checkReleases(
  at: (path: string) => string,
  models: readonly string[],
  plane: KubernetesPlane,
  faults: Faults,
): void {
  for (const model of models) {
    if (plane.releases[model]) continue;
    faults.add(
      at(`kubernetes.releases.${model}`),
      'each model needs an entry, got nothing',
      'write {} before its first release',
    );
  }
  for (const [model, { stable, candidate }] of Object.entries(plane.releases)) {
    const where = at(`kubernetes.releases.${model}`);
    if (!models.includes(model)) {
      faults.add(where, `no such model in this environment, got ${model}`, 'add it to models, or leave it out');
    }
    if (candidate && !stable) {
      faults.add(`${where}.candidate`, 'takes over from a stable release, got none', 'make it the stable one');
    }
    if (candidate && !takesCandidates(plane.engine)) {
      faults.add(
        `${where}.candidate`,
        `${engineName(plane.engine)} ${movesByItself(plane.engine) ? 'takes the steps by itself' : 'has no steps'}, got a candidate`,
        'write the new release into stable',
      );
    }
    checkDownload(`${where}.stable`, stable?.artefact, plane, faults);
    checkDownload(`${where}.candidate`, candidate?.artefact, plane, faults);
  }
}

function checkDownload(where: string, artefact: Artefact | undefined, plane: KubernetesPlane, faults: Faults): void {
  if (artefact?.kind !== 'download' || plane.download) return;
  faults.add(
    `${where}.artefact`,
    'is downloaded by an image that the environment names, got no kubernetes.download',
    'add it, or use an artefact of the kind image',
  );
}
