import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { programPath } from '../build/program-paths';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, freePort } from '../control-plane/control-plane';

/** Of a listener; Contour has Envoy listen 8000 above it. */
const LISTENER_PORT = 1080;
/** Envoy wants to know who it is. */
const NODE = ['--service-node', 'test', '--service-cluster', 'contour'];

type Spec = KubernetesObject & { readonly spec?: object };

export interface GatewayName {
  readonly name: string;
  readonly namespace: string;
}

/** Has Contour configure an Envoy of our own for a Gateway. @returns the port that Envoy listens on */
export async function startGateway(plane: ControlPlane, envoy: string, gateway: GatewayName): Promise<number> {
  const { folder, processes, kubeconfig } = plane;
  const gatewayClassName = 'contour';
  const objects: readonly Spec[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: gateway.namespace } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: gatewayClassName },
      spec: { controllerName: 'projectcontour.io/gateway-controller' },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { ...gateway },
      spec: {
        gatewayClassName,
        listeners: [
          { name: 'http', protocol: 'HTTP', port: LISTENER_PORT, allowedRoutes: { namespaces: { from: 'All' } } },
        ],
      },
    },
  ];
  await new Applier(plane.api).applied(...objects);
  const xds = ['--xds-address=127.0.0.1', `--xds-port=${await freePort('contour')}`];
  const config = join(folder, 'contour.yaml');
  writeFileSync(config, stringify({ gateway: { gatewayRef: { ...gateway } } }));
  await processes.start('contour', {
    command: programPath('contour'),
    args: [
      'serve',
      ...xds,
      '--insecure',
      `--kubeconfig=${kubeconfig}`,
      `--config-path=${config}`,
      '--disable-leader-election',
      ...['tlsroutes', 'tcproutes', 'backendtlspolicies'].map((feature) => `--disable-feature=${feature}`),
      '--health-address=127.0.0.1',
      `--health-port=${await freePort('contour')}`,
      '--http-address=127.0.0.1',
      `--http-port=${await freePort('contour')}`,
      '--debug-http-address=127.0.0.1',
      `--debug-http-port=${await freePort('contour')}`,
    ],
  });
  const bootstrap = join(folder, 'envoy.json');
  const admin = join(folder, 'admin.sock');
  execFileSync(programPath('contour'), ['bootstrap', ...xds, `--admin-address=${admin}`, bootstrap]);
  await processes.start('envoy', {
    command: envoy,
    args: ['--config-path', bootstrap, '--disable-hot-restart', '--log-level', 'warn', ...NODE],
    environment: { CONTOUR_NAMESPACE: gateway.namespace },
    ready: async () => existsSync(admin),
  });
  return LISTENER_PORT + 8000;
}
