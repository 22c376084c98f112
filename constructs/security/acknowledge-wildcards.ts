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
      for (const resource of resources) {
        const name: string = flattenCfnReference(Stack.of(owner).resolve(resource));
        if (name.includes('*'))
          Validations.of(owner).acknowledge({ id: `AwsSolutions-IAM5[Resource::${name}]`, reason });
      }
      return [];
    },
  });
}
