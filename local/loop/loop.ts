import { writeReport } from '../report/write-report';
import { type BringUpProps, bringUp } from './bring-up';
import { invokeEndpoint } from './invoke';
import { readSample } from './outputs';
import { recordRun } from './record-run';
import { readSummary, type Summary, writeSummary } from './summary';
import { TimedProgress } from './timed-progress';

export interface LoopProps extends BringUpProps {
  readonly now: () => Date;
  /** Parameters of the pipeline, by name. @default the pipeline's own */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * A model's whole life: from a checkout to a released endpoint that has answered, and a report of it.
 * Every phase can be stopped and taken up again by another call.
 * @throws GatesNotMet once the report of what was measured is written
 */
export async function runLoop({ now, parameters, ...props }: LoopProps): Promise<Summary> {
  const { state } = props;
  const timed = new TimedProgress(props.progress, now);
  const { target } = await bringUp({ ...props, progress: timed });
  const { execution, promoted } = await recordRun(target, timed, state, parameters);
  const invocations = await timed.phase(
    'Invoke the endpoint',
    async (say) => invokeEndpoint(target, await readSample(target, execution), say),
    ({ tried, succeeded, rows, correct, medianMs }) =>
      `${succeeded} of ${tried} requests answered, ${correct} of ${rows} right, median ${medianMs.toFixed(0)} ms`,
  );
  if (invocations.succeeded < invocations.tried) {
    throw new Error(
      `${promoted.endpoint}: answered ${invocations.succeeded} of ${invocations.tried} requests; see the logs below ${state.sagemaker}`,
    );
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
