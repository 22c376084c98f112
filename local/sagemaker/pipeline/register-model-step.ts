import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import { ServiceError } from '../service-error';
import { invoke } from './job-step';
import type { StepAttempt, StepRunner } from './step-runner';

/** Registers a version in a ModelPackageGroup, and makes the group if there is none, as SageMaker does. */
export const registerModelStep: StepRunner = {
  async run(attempt) {
    const { step, call, executionId, resolve, started } = attempt;
    const request = (await resolve(step.Arguments)) as JsonObject;
    if (request.ModelPackageGroupName !== undefined) await ensureGroup(attempt, text(request.ModelPackageGroupName));
    const { ModelPackageArn } = await invoke(call, 'CreateModelPackage', {
      ...request,
      ClientToken: tokenOf(executionId, step.Name),
    });
    const arn = text(ModelPackageArn);
    started({ RegisterModel: { Arn: arn } });
    return { properties: await invoke(call, 'DescribeModelPackage', { ModelPackageName: arn }) };
  },
};

async function ensureGroup({ call }: StepAttempt, ModelPackageGroupName: string): Promise<void> {
  try {
    await call('DescribeModelPackageGroup', { ModelPackageGroupName });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'InternalFailure') throw error;
    await invoke(call, 'CreateModelPackageGroup', { ModelPackageGroupName });
  }
}

/** The same for every attempt at the step, so that a step which is run again registers once. */
function tokenOf(executionId: string, stepName: string): string {
  return createHash('sha256').update(`${executionId}/${stepName}`).digest('hex').slice(0, 32);
}
