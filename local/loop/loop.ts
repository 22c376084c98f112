import { writeReport } from '../report/write-report';
import { type BringUpProps, bringUp } from './bring-up';
import { invokeEndpoint } from './invoke';
import { readSample } from './outputs';
import type { PhaseTitle, Progress, Say } from './progress';
import { runModel } from './run-model';
import { type Summary, writeSummary } from './summary';

export interface LoopProps extends BringUpProps {
  readonly now: () => Date;
  /** Parameters of the pipeline, by name. @default the pipeline's own */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * A model's whole life: from a checkout to a released endpoint that has answered, and a report of it.
 * Every phase can be stopped and taken up again by another call.
 */
export async function runLoop({ now, parameters, ...props }: LoopProps): Promise<Summary> {
  const startedAt = now();
  const timed = new TimedProgress(props.progress, now);
  const { target, stacks } = await bringUp({ ...props, progress: timed });
  const { execution, evaluation, gates, approved, promoted } = await runModel(target, timed, parameters);
  const invocations = await timed.phase(
    'Invoke the endpoint',
    async (say) => invokeEndpoint(target, await readSample(target, execution), say),
    ({ tried, succeeded, rows, correct, medianMs }) =>
      `${succeeded} of ${tried} requests answered, ${correct} of ${rows} right, median ${medianMs.toFixed(0)} ms`,
  );
  if (invocations.succeeded < invocations.tried) {
    throw new Error(
      `${promoted.endpoint}: answered ${invocations.succeeded} of ${invocations.tried} requests; see the logs below ${props.state.sagemaker}`,
    );
  }
  return timed.phase(
    'Write the report',
    async () => {
      const summary: Summary = {
        environment: target.props.environment,
        model: target.props.model,
        endpointUrl: target.endpoint,
        startedAt: startedAt.toISOString(),
        seconds: (now().getTime() - startedAt.getTime()) / 1000,
        phases: timed.phases,
        stacks: stacks.map(({ name, status }) => ({ name, status })),
        execution: { arn: execution.arn, id: execution.id, status: execution.status },
        steps: execution.steps.map((step) => ({
          name: step.StepName ?? '',
          type: Object.keys(step.Metadata ?? {})[0] ?? 'Step',
          status: step.StepStatus ?? 'Unknown',
          seconds: step.StartTime && step.EndTime ? (step.EndTime.getTime() - step.StartTime.getTime()) / 1000 : null,
          cached: step.CacheHitResult !== undefined,
        })),
        evaluation,
        gates: [...gates],
        modelPackage: { ...approved, approvalStatus: 'Approved' },
        endpoint: { name: promoted.endpoint, status: promoted.status },
        invocations,
      };
      writeSummary(props.state.summary, summary);
      await writeReport(target, props.state);
      return summary;
    },
    () => props.state.report,
  );
}

/** Passes phases on and keeps the time that each took. */
class TimedProgress implements Progress {
  readonly phases: Summary['phases'] = [];

  constructor(
    private readonly inner: Progress,
    private readonly now: () => Date,
  ) {}

  async phase<T>(title: PhaseTitle, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T> {
    const began = this.now().getTime();
    const result = await this.inner.phase(title, work, done);
    this.phases.push({ title, seconds: (this.now().getTime() - began) / 1000 });
    return result;
  }
}
