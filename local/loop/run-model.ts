import type { Evaluation } from '../../core/evaluation';
import { type Approved, approveModelPackage } from './approve';
import { type Execution, type PipelineOptions, parametersOf, runPipeline } from './execution';
import { describeGate, type GateResult, gateResults } from './gate-results';
import { GatesNotMet } from './gates-not-met';
import { readEvaluation } from './outputs';
import type { Progress } from './progress';
import { awaitPromotion, type Promoted } from './promote';
import type { Target } from './target';

export interface ModelRun {
  readonly execution: Execution;
  readonly evaluation: Evaluation;
  readonly gates: readonly GateResult[];
  readonly approved: Approved;
  readonly promoted: Promoted;
}

/**
 * Trains, gates, approves and promotes one model.
 * @throws GatesNotMet
 * @throws Error if a step fails, or the release
 */
export async function runModel(target: Target, progress: Progress, options: PipelineOptions = {}): Promise<ModelRun> {
  const execution = await progress.phase(
    'Run the pipeline',
    async (say) => {
      const ended = await runPipeline(target, say, options);
      const rejected = ended.steps.some(({ StepName }) => StepName === 'Reject');
      if (ended.status !== 'Succeeded' && !rejected) throw new Error(failure(ended));
      return ended;
    },
    ({ steps }) => {
      const cached = steps.filter(({ CacheHitResult }) => CacheHitResult).length;
      return `${steps.length} steps${cached > 0 ? `, ${cached} from the cache` : ''}`;
    },
  );
  const { evaluation, gates } = await progress.phase(
    'Check the gates',
    async () => {
      const measured = await readEvaluation(target, execution);
      const judged = gateResults(target.props.spec.gates, measured, await parametersOf(target, execution.arn));
      if (execution.status !== 'Succeeded')
        throw new GatesNotMet(failure(execution), { execution, evaluation: measured, gates: judged });
      return { evaluation: measured, gates: judged };
    },
    (checked) => checked.gates.map(describeGate).join(', '),
  );
  const approved = await progress.phase(
    'Approve the model package',
    () => approveModelPackage(target, execution, `passed ${gates.map(describeGate).join(', ')}`),
    ({ version }) => `version ${version}`,
  );
  const promoted = await progress.phase(
    'Promote it to the endpoint',
    (say) => awaitPromotion(target, approved, say),
    ({ endpoint, status }) => `${endpoint} is ${status}`,
  );
  return { execution, evaluation, gates, approved, promoted };
}

function failure({ arn, status, failureReason, steps }: Execution): string {
  const failed = steps.filter(({ StepStatus }) => StepStatus === 'Failed');
  const reasons = failed.map(({ StepName, FailureReason }) => `${StepName}: ${FailureReason ?? 'no reason given'}`);
  const why = reasons.length > 0 ? reasons.join('; ') : (failureReason ?? 'no step failed');
  return `${arn}: ended ${status}, ${why}; correct it and run npx mlops local run again`;
}
