import type { Evaluation } from '../../core/evaluation';
import { type Approved, approveModelPackage } from './approve';
import { type Execution, runPipeline } from './execution';
import { describeGate, type GateResult, gateResults } from './gate-results';
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
 * @param parameters of the pipeline, by name, when another value than the default is wanted
 * @throws Error if a step fails or a gate isn't met
 */
export async function runModel(
  target: Target,
  progress: Progress,
  parameters: Readonly<Record<string, string>> = {},
): Promise<ModelRun> {
  const execution = await progress.phase(
    'Run the pipeline',
    async (say) => {
      const ended = await runPipeline(target, say, parameters);
      const register = ended.steps.find(({ StepName }) => StepName === 'Reject');
      if (ended.status !== 'Succeeded' && !register) throw new Error(failure(ended));
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
      if (execution.status !== 'Succeeded') throw new Error(failure(execution));
      return { evaluation: measured, gates: gateResults(target.props.spec.gates, measured) };
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
  return `${arn}: ended ${status}, ${reasons.join('; ') || failureReason || 'no step failed'}; correct it and run npx mlops local run again`;
}
