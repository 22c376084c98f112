import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup } from '../container/end-group';
import { isRunning, type ProcessIdentity } from '../container/process-identity';
import type { StateDirectory } from '../state-directory';
import { containerFolders } from './container-folders';
import { localAwsStatus } from './local-aws';

/** Ends the local AWS and every container of it at once, for whoever can't wait any more. */
export function killLocalAws(state: StateDirectory): void {
  const { aws, sagemaker } = localAwsStatus(state);
  // First the one that starts containers.
  for (const daemon of [sagemaker, aws]) if (daemon) endGroup(daemon.pid);
  for (const folder of containerFolders(state.sagemaker)) {
    const identity = identityIn(folder);
    if (identity && isRunning(identity)) endGroup(identity.pid);
  }
}

function identityIn(folder: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
