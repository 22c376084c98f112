import type { Faults } from '../../core/faults';
import type { EnvironmentSpec } from '../environment-spec';

/** Whether a load balancer can be made in the VPC of a cluster of the stack, and speaks HTTPS there. */
export function checkLoadBalancer(
  at: (path: string) => string,
  { kubernetes, region }: Pick<EnvironmentSpec, 'kubernetes' | 'region'>,
  faults: Faults,
): void {
  const engine = kubernetes?.engine;
  const traffic = engine && 'traffic' in engine ? engine.traffic : undefined;
  if (traffic?.kind !== 'alb') return;
  const where = (setting: string) => at(`kubernetes.engine.traffic.${setting}`);
  const { scheme, certificateArn } = traffic;
  if (scheme === 'internet-facing') {
    faults.add(
      where('scheme'),
      'the VPC of a cluster of the stack has no way to the internet, got internet-facing',
      'use internal, and put what faces the internet into a network of yours that reaches this one',
    );
  }
  if (certificateArn === undefined) {
    faults.add(
      where('certificateArn'),
      'only HTTPS is served, and nothing in the VPC reaches ACM to look a certificate up, got nothing',
      'request one for *.DOMAIN in ACM and write its ARN down',
    );
    return;
  }
  const [, , , of] = certificateArn.split(':');
  if (of === region) return;
  faults.add(
    where('certificateArn'),
    `a load balancer takes certificates of its own region only, got one of ${of} in ${region}`,
    `request one in ${region}`,
  );
}
