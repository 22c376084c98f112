import type { Nginx } from '../../../config/kubernetes/traffic';
import type { ServedModel } from '../../served-model';
import { SERVICE_PORT } from '../../server/service';
import { publicPaths } from '../public-path';
import { ingress } from './ingress';
import type { Routing, Services } from './routing';

const PREFIX = 'nginx.ingress.kubernetes.io';

/**
 * By a second Ingress, which the controller makes from this one, with the annotation `canary-weight`.
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/nginx/
 */
export function byNginx(model: ServedModel, nginx: Nginx, { stable }: Services): Routing {
  const { name, settings } = model;
  return {
    objects: [
      ingress({
        name,
        ingressClass: nginx.ingressClass,
        host: `${name}.${nginx.domain}`,
        annotations: {
          [`${PREFIX}/proxy-read-timeout`]: String(settings.longestRequestSeconds),
          // How large a request may be, the server says: by itself the controller stops at 1 MB.
          [`${PREFIX}/proxy-body-size`]: '0',
        },
        paths: publicPaths(model),
        // Its webhook refuses a path with a colon, as TensorFlow Serving has them, as a Prefix. Without it, it goes by the beginning too:
        // https://kubernetes.github.io/ingress-nginx/faq/#validation-of-path
        pathType: 'ImplementationSpecific',
        service: stable,
        port: { number: SERVICE_PORT },
      }),
    ],
    trafficRouting: { nginx: { stableIngress: name } },
    byServices: true,
  };
}
