import { CfnOutput, Duration } from 'aws-cdk-lib';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { SERVED_MODEL_OUTPUT } from '../../core/names';
import type { Served, ServingInputs } from './serving-inputs';

/** A release is as long as CloudFormation takes for one resource. */
const RELEASE = Duration.minutes(10);

/**
 * The release as a Model and nothing that runs: transform jobs take it from the stack's output, whoever starts them, so
 * that a job which is begun after a release uses it.
 */
export function serveBatch(inputs: ServingInputs): Served {
  const { stack, condition } = inputs;
  const model = new ApprovedModel(stack, 'Model', { ...inputs, captures: false, runsAs: 'TransformJobs' });
  const output = new CfnOutput(stack, SERVED_MODEL_OUTPUT, { value: model.resource.attrModelName });
  output.condition = condition;
  return { executionRole: model.role, releaseLimit: RELEASE };
}
