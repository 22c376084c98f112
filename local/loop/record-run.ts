import { writeReport } from '../report/write-report';
import type { StateDirectory } from '../state-directory';
import { GatesNotMet } from './gates-not-met';
import { type ModelRun, runModel } from './run-model';
import { stacksOf } from './stacks-of';
import { writeSummary } from './summary';
import { type RunResult, summaryOf } from './summary-of';
import type { Target } from './target';
import type { TimedProgress } from './timed-progress';

/**
 * Runs the model and leaves summary.json and the report of it, also when the gates turned it down.
 * @throws GatesNotMet that names the report
 */
export async function recordRun(
  target: Target,
  progress: TimedProgress,
  state: StateDirectory,
  parameters?: Readonly<Record<string, string>>,
): Promise<ModelRun> {
  const record = async (run: RunResult) => {
    const stacks = await stacksOf(target);
    writeSummary(state.summary, summaryOf(target, run, { ...progress.times, stacks, invocations: null }));
    await writeReport(target, state);
  };
  try {
    const run = await runModel(target, progress, parameters);
    await record(run);
    return run;
  } catch (error) {
    if (!(error instanceof GatesNotMet)) throw error;
    await record(error.judged);
    throw new GatesNotMet(`${error.message} (report: ${state.report})`, error.judged);
  }
}
