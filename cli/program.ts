import { Command } from 'commander';
import type { WriteCharts } from './charts/write-charts';
import { batchCommand } from './commands/batch';
import { chartsCommands } from './commands/charts';
import { configCommands } from './commands/config';
import { invokeCommand } from './commands/invoke';
import { loadCommands } from './commands/load';
import { localCommands } from './commands/local';
import { pipelineCommands } from './commands/pipeline';
import { releaseCommands } from './commands/release';
import { statusCommand } from './commands/status';
import type { Surroundings } from './output';

/** The `mlops` command with everything below it. */
export function createProgram(
  surroundings: Surroundings,
  version: string,
  { writeCharts }: { readonly writeCharts: WriteCharts },
): Command {
  const program = new Command('mlops')
    .description("infrastructure as code for a model's whole life, on AWS and on this machine")
    .version(version)
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  configCommands(program, surroundings);
  pipelineCommands(program, surroundings);
  releaseCommands(program, surroundings);
  chartsCommands(program, surroundings, { write: writeCharts });
  statusCommand(program, surroundings);
  invokeCommand(program, surroundings);
  batchCommand(program, surroundings);
  loadCommands(program, surroundings);
  localCommands(program, surroundings);
  return program;
}
