import { join } from 'node:path';
import { StateDirectory } from '../local/state-directory';
import type { Surroundings } from './output';

/** Where the local environment keeps what it knows: as MLOPS_STATE_DIR says, or else `.mlops/local` of the checkout. */
export function stateDirectory({
  environment,
  repository,
}: Pick<Surroundings, 'environment' | 'repository'>): StateDirectory {
  const { MLOPS_STATE_DIR: given = '' } = environment;
  // An empty one would mean the working folder.
  const root = given === '' ? join(repository, '.mlops', 'local') : given;
  return new StateDirectory(root, join(repository, '.mlops', 'python'));
}
