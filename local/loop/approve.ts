import { DescribeModelPackageCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { APPROVED_BY } from '../../core/release/aws/model-packages';
import type { Execution } from './execution';
import type { Target } from './target';

export interface Approved {
  readonly arn: string;
  readonly version: number;
}

/** On a laptop the loop itself says yes to what has passed its gates. */
const APPROVER = 'mlops local';

/** Approves what the execution registered, as `mlops release approve` would. @throws Error if it registered nothing */
export async function approveModelPackage(target: Target, execution: Execution, reason: string): Promise<Approved> {
  const { sageMaker } = target.clients;
  const arn = execution.steps.find(({ StepName }) => StepName === 'Register')?.Metadata?.RegisterModel?.Arn;
  if (!arn)
    throw new Error(`${execution.arn}: registered no model package, got ${execution.status}; look at its steps`);
  const {
    ModelApprovalStatus,
    ModelPackageVersion = 0,
    CustomerMetadataProperties,
  } = await sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  if (ModelApprovalStatus !== 'Approved') {
    await sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: reason,
        CustomerMetadataProperties: { ...CustomerMetadataProperties, [APPROVED_BY]: APPROVER },
      }),
    );
  }
  return { arn, version: ModelPackageVersion };
}
