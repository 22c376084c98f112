import { tmpdir } from 'node:os';
import { killLocalAws } from '../../local/aws/kill-local-aws';
import { StateDirectory } from '../../local/state-directory';
import { ownedFolder } from '../kubernetes/control-plane/owned-folder';

/** A new folder for the state of a local environment. Those of killed tests go first, with what still runs in them. */
export function stateFolder(purpose: string): string {
  return ownedFolder(purpose, tmpdir(), (left) => killLocalAws(new StateDirectory(left)));
}
