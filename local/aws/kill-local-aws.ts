import { endGroup } from '../container/end-group';
import { readIdentity } from '../container/identity-file';
import { isRunning } from '../container/process-identity';
import type { StateDirectory } from '../state-directory';
import { containerFolders } from './container-folders';
import { localAwsStatus } from './local-aws';

/** Ends the local AWS and every container of it at once, for whoever can't wait any more. */
export function killLocalAws(state: StateDirectory): void {
  const { aws, sagemaker } = localAwsStatus(state);
  // First the one that starts containers.
  for (const daemon of [sagemaker, aws]) if (daemon) endGroup(daemon.pid);
  for (const folder of containerFolders(state.sagemaker)) {
    const identity = readIdentity(folder);
    if (identity && 'pid' in identity && isRunning(identity)) endGroup(identity.pid);
  }
}
