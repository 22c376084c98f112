import { DescribeModelPackageCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { Execution } from './execution';
import type { Target } from './target';

export interface Approved {
  readonly arn: string;
  readonly version: number;
}

/** Approves what the execution registered, as `mlops release approve` would. @throws Error if it registered nothing */
export async function approveModelPackage(target: Target, execution: Execution, reason: string): Promise<Approved> {
  const { sageMaker } = target.clients;
  const arn = execution.steps.find(({ StepName }) => StepName === 'Register')?.Metadata?.RegisterModel?.Arn;
  if (!arn)
    throw new Error(`${execution.arn}: registered no model package, got ${execution.status}; look at its steps`);
  const { ModelApprovalStatus, ModelPackageVersion = 0 } = await sageMaker.send(
    new DescribeModelPackageCommand({ ModelPackageName: arn }),
  );
  if (ModelApprovalStatus !== 'Approved') {
    await sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: reason,
      }),
    );
  }
  return { arn, version: ModelPackageVersion };
}
