import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../clients';

/** @returns undefined if there is no such stack */
export async function describeStack({ cloudFormation }: Clients, name: string): Promise<Stack | undefined> {
  return cloudFormation.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE'),
    (error: Error) => {
      if (error.message.includes('does not exist')) return undefined;
      throw error;
    },
  );
}
