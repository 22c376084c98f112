import type { StateDirectory } from '../state-directory';
import type { PipelineOptions } from './execution';
import { GatesNotMet } from './gates-not-met';
import { type ModelRun, runModel } from './run-model';
import { stacksOf } from './stacks-of';
import { writeSummary } from './summary';
import { type RunResult, summaryOf } from './summary-of';
import type { Target } from './target';
import type { TimedProgress } from './timed-progress';

export interface RecordRunOptions extends PipelineOptions {
  /** Whether the report of a release is written; that of a model which was turned down always is. @default true */
  readonly report?: boolean;
}

/**
 * Runs the model and leaves summary.json and the report of it, also when the gates turned it down.
 * @throws GatesNotMet that names the report
 */
export async function recordRun(
  target: Target,
  progress: TimedProgress,
  state: StateDirectory,
  { report = true, ...options }: RecordRunOptions = {},
): Promise<ModelRun> {
  const record = async (run: RunResult) => {
    const stacks = await stacksOf(target);
    writeSummary(state.summary, summaryOf(target, run, { ...progress.times, stacks, invocations: null }));
    if (report || !run.promoted) await (await import('../report/write-report')).writeReport(target, state);
  };
  try {
    const run = await runModel(target, progress, options);
    await record(run);
    return run;
  } catch (error) {
    if (!(error instanceof GatesNotMet)) throw error;
    await record(error.judged);
    throw new GatesNotMet(`${error.message} (report: ${state.report})`, error.judged);
  }
}
