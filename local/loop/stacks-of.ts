import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { stackName } from '../../core/names';
import type { Summary } from './summary';
import type { Target } from './target';

/** The stacks of the environment that are there, by name. */
export async function stacksOf({ clients, props }: Target): Promise<Summary['stacks']> {
  const prefix = stackName(props.environment, '');
  const stacks: Summary['stacks'] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: clients.cloudFormation }, {})) {
    for (const { StackName = '', StackStatus = 'UNKNOWN' } of Stacks)
      if (StackName.startsWith(`${prefix}-`) && StackStatus !== 'DELETE_COMPLETE')
        stacks.push({ name: StackName, status: StackStatus });
  }
  return stacks;
}
