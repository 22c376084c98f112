import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { programPath } from '../build/program-paths';
import type { ProgramName } from '../build/programs';
import { type ControlPlane, freePort } from '../control-plane/control-plane';
import { POD_NETWORK } from './pod-network';
import { STAGES } from './stages';

const ZONES = ['a', 'b', 'c'] as const;
const SIZE = { cpu: '64', memory: '256Gi', pods: '110' };

/** Starts what makes pods of objects, and puts them on three nodes that only kwok knows, one a zone. */
export async function startControllers(plane: ControlPlane): Promise<void> {
  const { processes, kubeconfig, folder, caFile, serviceAccountKey } = plane;
  const start = (name: ProgramName, ...args: readonly string[]) =>
    processes.start(name, { command: programPath(name), args: [`--kubeconfig=${kubeconfig}`, ...args] });
  const stages = join(folder, 'stages.yaml');
  writeFileSync(stages, Yaml.stringify(...STAGES));
  const component = async (name: string) => [
    '--bind-address=127.0.0.1',
    `--secure-port=${await freePort(name)}`,
    `--cert-dir=${join(folder, name)}`,
    '--leader-elect=false',
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
  ];
  await start(
    'kube-controller-manager',
    ...(await component('kube-controller-manager')),
    `--root-ca-file=${caFile}`,
    `--service-account-private-key-file=${serviceAccountKey}`,
    '--horizontal-pod-autoscaler-sync-period=2s',
  );
  await start('kube-scheduler', ...(await component('kube-scheduler')));
  await start(
    'kwok',
    `--config=${stages}`,
    '--manage-all-nodes=true',
    `--cidr=${POD_NETWORK}`,
    '--node-ip=127.0.0.1',
    '--node-lease-duration-seconds=40',
    `--server-address=127.0.0.1:${await freePort('kwok')}`,
  );
  for (const zone of ZONES) await plane.api.ask('POST', '/api/v1/nodes', node(zone));
}

/** Starts the controller of Argo Rollouts. */
export async function startRollouts({ processes, kubeconfig }: ControlPlane): Promise<void> {
  await processes.start('rollouts-controller', {
    command: programPath('rollouts-controller'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      `--healthzPort=${await freePort('rollouts-controller')}`,
      `--metricsPort=${await freePort('rollouts-controller')}`,
    ],
  });
}

/** Starts Flagger. What it looks at itself is the metrics of a MetricTemplate, each with its own address. */
export async function startFlagger({ processes, kubeconfig }: ControlPlane, prometheus: string): Promise<void> {
  await processes.start('flagger', {
    command: programPath('flagger'),
    args: [
      `-kubeconfig=${kubeconfig}`,
      `-metrics-server=${prometheus}`,
      `-port=${await freePort('flagger')}`,
      // Otherwise it hears of a change ten seconds late.
      '-control-loop-interval=1s',
    ],
  });
}

function node(zone: string) {
  const name = `node-${zone}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/zone': zone },
    },
    status: { capacity: SIZE, allocatable: SIZE },
  };
}
