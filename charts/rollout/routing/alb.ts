import type { Alb } from '../../../config/kubernetes/traffic';
import type { ServedModel } from '../../served-model';
import { RUNTIMES } from '../../server/runtimes';
import { SERVICE_PORT } from '../../server/service';
import { publicPaths } from '../public-path';
import { ingress } from './ingress';
import type { Routing, Services } from './routing';

const PREFIX = 'alb.ingress.kubernetes.io';
/**
 * TLS 1.3 and 1.2. Without it a listener takes TLS 1.0, too.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/**
 * By the weights of target groups, which stand in an annotation of the Ingress.
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/alb/
 */
export function byAlb(model: ServedModel, alb: Alb, { stable, canary }: Services): Routing {
  const { name, settings } = model;
  const action = canary ? { [`${PREFIX}/actions.${stable}`]: forward(stable, canary) } : {};
  return {
    objects: [
      ingress({
        name,
        ingressClass: alb.ingressClass,
        host: `${name}.${alb.domain}`,
        annotations: {
          [`${PREFIX}/scheme`]: alb.scheme,
          // Straight to the pods: Services are no NodePorts, and a pod that ends is drained by name.
          [`${PREFIX}/target-type`]: 'ip',
          [`${PREFIX}/listen-ports`]: JSON.stringify([{ HTTPS: 443 }]),
          // Otherwise the controller looks for one in ACM that fits the host.
          ...(alb.certificateArn ? { [`${PREFIX}/certificate-arn`]: alb.certificateArn } : {}),
          [`${PREFIX}/ssl-policy`]: TLS_POLICY,
          [`${PREFIX}/healthcheck-path`]: RUNTIMES[settings.runtime].readyPath(name),
          [`${PREFIX}/load-balancer-attributes`]: `idle_timeout.timeout_seconds=${settings.longestRequestSeconds + 5}`,
          ...action,
        },
        paths: publicPaths(model),
        service: stable,
        port: canary ? { name: 'use-annotation' } : { number: SERVICE_PORT },
      }),
    ],
    trafficRouting: { alb: { ingress: name, servicePort: SERVICE_PORT } },
    byServices: true,
  };
}

/** As the controller writes it, so that its first patch changes the weights and nothing else. */
function forward(stable: string, canary: string): string {
  const group = (ServiceName: string, Weight: number) => ({ ServiceName, ServicePort: String(SERVICE_PORT), Weight });
  return JSON.stringify({
    Type: 'forward',
    ForwardConfig: { TargetGroups: [group(canary, 0), group(stable, 100)] },
  });
}
