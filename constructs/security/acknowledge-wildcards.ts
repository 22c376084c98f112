import { Stack, Validations } from 'aws-cdk-lib';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference';
import type { IConstruct } from 'constructs';

/**
 * Answers cdk-nag's finding about every wildcard in `resources`, and about no other.
 *
 * The finding is named after the resolved ARN, and references to other stacks only resolve late in the synthesis: hence
 * a validation, which runs after that and before the checks.
 * @param owner the role, or whatever else the policy belongs to
 * @param resources ARNs, tokens included
 */
export function acknowledgeWildcards(owner: IConstruct, resources: readonly string[], reason: string): void {
  owner.node.addValidation({
    validate: () => {
      const stack = Stack.of(owner);
      const names = new Set(resources.map((resource): string => flattenCfnReference(stack.resolve(resource))));
      withoutTrace(() => {
        for (const name of names) {
          if (name.includes('*'))
            Validations.of(owner).acknowledge({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason });
        }
      });
      return [];
    },
  });
}

/** The CDK records from where a rule is acknowledged, which takes long and says nothing here: it is this file. */
function withoutTrace(work: () => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
