import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DescribePipelineDefinitionForExecutionCommand } from '@aws-sdk/client-sagemaker';
import { InvalidInputError } from '../../core/invalid-input-error';
import { readSummary } from '../loop/summary';
import type { Target } from '../loop/target';
import type { StateDirectory } from '../state-directory';
import { graphOf } from './graph-of';
import { renderPage } from './page';
import { readReleases } from './releases/read-releases';

/** Writes the page of the last run. @throws InvalidInputError if no run has ended yet */
export async function writeReport(target: Target, state: StateDirectory): Promise<void> {
  const summary = readSummary(state.summary);
  if (!summary) throw new InvalidInputError(state.summary, 'holds no run, got nothing', 'run npm run local first');
  const { PipelineDefinition = '{"Steps":[]}' } = await target.clients.sageMaker.send(
    new DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn: summary.execution.arn }),
  );
  const page = renderPage(summary, graphOf(JSON.parse(PipelineDefinition)), await readReleases(target, state));
  mkdirSync(dirname(state.report), { recursive: true });
  writeFileSync(`${state.report}.draft`, page);
  renameSync(`${state.report}.draft`, state.report);
}
