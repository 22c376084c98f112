import type { StateDirectory } from '../state-directory';
import { type BringUpProps, bringUp } from './bring-up';
import type { Execution } from './execution';
import { readSummary, type Summary, writeSummary } from './summary';
import type { Target } from './target';
import { TimedProgress } from './timed-progress';

export interface LoopProps extends BringUpProps {
  readonly now: () => Date;
  /** Parameters of the pipeline, by name. @default the pipeline's own */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * A model's whole life: from a checkout to a released endpoint that has answered, and a report of it.
 * Every phase can be stopped and taken up again by another call. What each needs is loaded when its turn comes: the first
 * ones then begin the sooner.
 * @throws GatesNotMet once the report of what was measured is written
 */
export async function runLoop({ now, parameters, ...props }: LoopProps): Promise<Summary> {
  const { state } = props;
  const timed = new TimedProgress(props.progress, now);
  const { target, tracking } = await bringUp({ ...props, progress: timed });
  const { recordRun } = await import('./record-run');
  const { execution, promoted } = await recordRun(target, timed, state, {
    parameters,
    beside: tracking,
    report: false,
  });
  const { writeReport } = await import('../report/write-report');
  let invocations: Summary['invocations'];
  try {
    invocations = await invoke(target, timed, execution, { endpoint: promoted.endpoint, state });
  } catch (error) {
    // The release is there, and so is what led to it.
    await writeReport(target, state);
    throw error;
  }
  return timed.phase(
    'Write the report',
    async () => {
      const recorded = readSummary(state.summary);
      if (!recorded) throw new Error(`${state.summary}: is gone, got nothing to write a report of; run it again`);
      const summary: Summary = { ...recorded, ...timed.times, invocations };
      writeSummary(state.summary, summary);
      await writeReport(target, state);
      return summary;
    },
    () => state.report,
  );
}

async function invoke(
  target: Target,
  progress: TimedProgress,
  execution: Execution,
  { endpoint, state }: { readonly endpoint: string; readonly state: StateDirectory },
): Promise<Summary['invocations']> {
  const { invokeEndpoint } = await import('./invoke');
  const { readSample } = await import('./outputs');
  const invocations = await progress.phase(
    'Invoke the endpoint',
    async (say) => invokeEndpoint(target, await readSample(target, execution), say),
    ({ tried, succeeded, rows, correct, medianMs }) =>
      `${succeeded} of ${tried} requests answered, ${correct} of ${rows} right, median ${medianMs.toFixed(0)} ms`,
  );
  if (invocations.succeeded < invocations.tried) {
    throw new Error(
      `${endpoint}: answered ${invocations.succeeded} of ${invocations.tried} requests; see the logs below ${state.sagemaker}`,
    );
  }
  return invocations;
}
