import type { DescribeEndpointOutput } from '@aws-sdk/client-sagemaker';

type Described = Pick<DescribeEndpointOutput, 'PendingDeploymentSummary'>;

/**
 * How much of the traffic a deployment has moved to the new fleet, read from DescribeEndpoint alone, here and in an
 * account: the smaller one of the share of its weight that is in force and the share of its instances that take traffic.
 * SageMaker leaves the weights as they are and counts up the instances; the local one moves both.
 * @returns 0 to 100; undefined while no deployment is under way
 */
export function shiftedPercent({ PendingDeploymentSummary }: Described): number | undefined {
  if (!PendingDeploymentSummary) return undefined;
  const variants = PendingDeploymentSummary.ProductionVariants ?? [];
  const sum = (member: 'CurrentWeight' | 'DesiredWeight' | 'CurrentInstanceCount' | 'DesiredInstanceCount') =>
    variants.reduce((total, variant) => total + (variant[member] ?? 0), 0);
  const share = (current: number, desired: number) => (desired > 0 ? Math.min(1, current / desired) : undefined);
  const shares = [
    share(sum('CurrentWeight'), sum('DesiredWeight')),
    share(sum('CurrentInstanceCount'), sum('DesiredInstanceCount')),
  ].filter((value) => value !== undefined);
  return shares.length === 0 ? 0 : Math.round(100 * Math.min(...shares));
}
