import { type Conditions, Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge-wildcards';

export interface Permission {
  /** Whole names: a wildcard in an action is never acknowledged. */
  readonly actions: readonly string[];
  /** ARNs. One that holds a `*` needs `because`. */
  readonly resources: readonly string[];
  /** @default - none */
  readonly conditions?: Conditions;
  /**
   * Why the wildcards in `resources` are right. It is recorded beside the policy as the answer to cdk-nag, for these
   * resources only.
   * @default - wildcards are findings
   */
  readonly because?: string;
}

/** Adds one narrow statement to a principal. All policies of ours are written through it. */
export function allow(grantee: IGrantable, { actions, resources, conditions, because }: Permission): Grant {
  const owner: unknown = grantee.grantPrincipal;
  if (because !== undefined && Construct.isConstruct(owner)) acknowledgeWildcards(owner, resources, because);
  return Grant.addToPrincipal({
    grantee,
    actions: [...actions],
    resourceArns: [...resources],
    conditions: conditions as Record<string, Record<string, unknown>> | undefined,
  });
}
