import type { JsonObject } from '../../../core/json';
import type { DeploymentProgress } from './deployment';
import type { DeploymentPlan } from './deployment-plan';

export interface VariantStatusProps {
  readonly progress: DeploymentProgress;
  readonly plan: DeploymentPlan;
  /** Instances of the variant that get requests, and all that it is to have. */
  readonly activated: number;
  readonly wanted: number;
}

/**
 * VariantStatus of the new fleet, worded as the service's examples are. Seconds are those of the configuration.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-deployment-state
 */
export function variantStatus({ progress, plan, activated, wanted }: VariantStatusProps): JsonObject[] {
  const { greenPercent, waitSeconds } = plan.steps[progress.step] ?? { greenPercent: 100, waitSeconds: 0 };
  const capacity =
    greenPercent >= 100
      ? `full capacity of ${wanted}`
      : `${plan.strategy === 'CANARY' ? 'canary' : 'partial'} capacity of ${activated}`;
  const baking = (seconds: number, member: string) =>
    `Baking for ${seconds} seconds (${member}) with traffic enabled on ${capacity} instance(s).`;
  const [Status, StatusMessage] = {
    Creating: () => ['Creating', `Launching ${wanted} instance(s).`],
    ActivatingTraffic: () => ['ActivatingTraffic', `Activating traffic on ${capacity} instance(s).`],
    Baking: () => ['Baking', baking(waitSeconds, 'WaitIntervalInSeconds')],
    TerminationWait: () => ['Baking', baking(plan.terminationWaitSeconds, 'TerminationWaitInSeconds')],
    RollingBack: () => ['Deleting', `Terminating ${wanted} instance(s).`],
  }[progress.stage]();
  return [{ Status, StatusMessage, StartTime: progress.since }];
}
