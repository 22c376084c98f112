import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Statements of a VPC endpoint: only this account's principals, only towards this account's resources. Stolen credentials
 * of another account, or another account's bucket, are of no use from inside.
 * @param actions whole names, or all of them for services whose every action is safe within the account
 */
export function withinAccount(account: string, actions: readonly string[] = ['*']): PolicyStatement {
  return new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: ['*'],
    conditions: {
      StringEquals: { 'aws:PrincipalAccount': account },
      // Some actions, such as ecr:GetAuthorizationToken, are about no resource and carry no such key.
      StringEqualsIfExists: { 'aws:ResourceAccount': account },
    },
  });
}

/** The same towards the resources of one other account, to the actions that are named. */
export function towardsAccount(own: string, other: string, actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'SourceRegistry',
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': own, 'aws:ResourceAccount': other } },
  });
}
