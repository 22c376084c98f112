import { localAwsStatus, startLock } from '../aws/local-aws';
import { withProcessLock } from '../daemon/process-lock';
import { requireForgettable } from '../forget-state';
import type { StateDirectory } from '../state-directory';
import { pruneEnvironments } from './prune-environments';
import { pruneState } from './prune-state';
import type { Pruned } from './pruned';

export interface PruneProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  /** What was used in these days stays. One at least: what is just being started shows nowhere yet. */
  readonly days: number;
  /** Whether to say only what would go. */
  readonly dryRun: boolean;
  readonly now: Date;
  readonly onProgress: (message: string) => void;
}

export interface PruneResult {
  readonly pruned: readonly Pruned[];
  /** Whether the local environment runs, so that all that it holds has stayed. */
  readonly running: boolean;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Removes what local environments have gathered and nothing uses any more.
 * @throws InvalidInputError if the folder of the local environment holds what none has made
 */
export async function prune({ state, repository, days, dryRun, now, onProgress }: PruneProps): Promise<PruneResult> {
  requireForgettable(state, 'mlops local prune');
  const age = { usedBefore: now.getTime() - days * DAY_MS, dryRun };
  const own = await withProcessLock(
    startLock(state),
    async () => {
      const { aws, sagemaker } = localAwsStatus(state);
      return aws || sagemaker ? undefined : pruneState(state, age);
    },
    { onWait: (pid) => onProgress(`waiting for process ${pid}, which starts the local AWS`) },
  );
  const withoutImages = new Set((own ?? []).filter(({ kind }) => kind === 'image').map(({ path }) => path));
  const environments = await pruneEnvironments({ ...age, state, repository, withoutImages });
  return { pruned: [...(own ?? []), ...environments], running: own === undefined };
}
