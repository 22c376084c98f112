import type { Command } from 'commander';
import { parseLimit } from '../options';
import { historyReport } from './history-report';
import { printHistory } from './print-history';
import type { ReleaseCommandContext } from './release-command-context';

interface Options {
  readonly env: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function historyCommand(release: Command, { open, surroundings: { out } }: ReleaseCommandContext): void {
  release
    .command('history <model>')
    .description('what was released, newest first, with outcome, reason and whether the evidence is as it was sealed')
    .option('--env <name>', 'environment', 'local')
    .option('--limit <number>', 'how many releases at most', parseLimit, 20)
    .option('--json', 'print it as JSON')
    .action(async (model: string, { env, limit, json }: Options) => {
      const report = await open({ env, model, toChange: false }, (opened) => historyReport(opened, limit));
      if (json) out.line(JSON.stringify(report, null, 2));
      else for (const line of printHistory(report)) out.line(line);
    });
}
