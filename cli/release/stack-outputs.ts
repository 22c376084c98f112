import type { CloudFormationApi } from '../../core/release/aws/api';
import { errorMessage, errorName } from '../../core/release/aws/service-errors';

export interface DeployedStack {
  /** Of 12 digits, or empty if the service gave no ARN. */
  readonly account: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** @returns undefined if there is no such stack */
export async function deployedStack(
  api: Pick<CloudFormationApi, 'describeStacks'>,
  stackName: string,
): Promise<DeployedStack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await api.describeStacks({ StackName: stackName });
    if (!stack) return undefined;
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return { account: stack.StackId?.split(':')[4] ?? '', outputs: Object.fromEntries(outputs) };
  } catch (error) {
    if (errorName(error) === 'ValidationError' && /does not exist/i.test(errorMessage(error))) return undefined;
    throw error;
  }
}
