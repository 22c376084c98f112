import type { ModelRun } from './run-model';
import type { Summary } from './summary';
import type { Target } from './target';

/** What of a run there is: without a release when the gates weren't met, without invocations when nobody asked yet. */
export type RunResult = Pick<ModelRun, 'execution' | 'evaluation' | 'gates'> &
  Partial<Pick<ModelRun, 'approved' | 'promoted'>>;

export function summaryOf(
  { props, endpoint }: Target,
  { execution, evaluation, gates, approved, promoted }: RunResult,
  rest: Pick<Summary, 'startedAt' | 'seconds' | 'phases' | 'stacks' | 'invocations'>,
): Summary {
  return {
    environment: props.environment,
    model: props.model,
    endpointUrl: endpoint,
    ...rest,
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
    modelPackage: approved ? { ...approved, approvalStatus: 'Approved' } : null,
    endpoint: promoted ? { name: promoted.endpoint, status: promoted.status } : null,
  };
}
