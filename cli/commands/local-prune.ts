import type { Command } from 'commander';
import type { Pruned } from '../../local/prune/pruned';
import type { StateDirectory } from '../../local/state-directory';
import { parseDays } from '../options';
import type { Surroundings } from '../output';

interface Options {
  readonly days: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const KINDS: Readonly<Record<Pruned['kind'], string>> = {
  'python-environment': 'Python environment of an old lock file',
  image: 'image that no version and no pipeline names',
  'model-artifact': 'copy of a model artefact',
};
const DEFAULT_DAYS = 7;

/** `mlops local prune`: frees the disk of what nothing uses any more. */
export function localPruneCommand(local: Command, surroundings: Surroundings, state: StateDirectory): void {
  const { out, repository, now } = surroundings;
  local
    .command('prune')
    .description('free the disk of what nothing uses any more: Python environments of old lock files, old images')
    .option('--days <number>', 'keep what was used in so many days', parseDays, DEFAULT_DAYS)
    .option('--dry-run', 'only say what would go')
    .action(async (_: unknown, command: Command) => {
      const { days, dryRun = false, json }: Options = command.optsWithGlobals();
      const { prune } = await import('../../local/prune/prune');
      const onProgress = (message: string) => out.note(message);
      const { pruned, running } = await prune({ state, repository, days, dryRun, now: now(), onProgress });
      const bytes = pruned.reduce((sum, item) => sum + item.bytes, 0);
      if (json) {
        out.line(JSON.stringify({ dryRun, running, bytes, pruned }, null, 2));
        return;
      }
      for (const item of pruned) out.line(`${megabytes(item.bytes)}  ${KINDS[item.kind]}, ${item.path}`);
      out.line(`${megabytes(bytes)}  ${dryRun ? 'would be freed' : 'freed'}`);
      if (running)
        out.note('The local AWS runs, so its images and model artefacts stay. To free those too: npx mlops local down');
    });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`.padStart(10);
}
