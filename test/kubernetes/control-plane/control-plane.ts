import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choosePort } from '../../../local/daemon/choose-port';
import { programPath } from '../build/program-paths';
import { ApiClient } from './api-client';
import { flags } from './flags';
import { ownedFolder } from './owned-folder';
import { Processes } from './processes';

/** What the tests of a file talk to. */
export interface ControlPlane {
  readonly api: ApiClient;
  readonly processes: Processes;
  /** For programs: who may do anything. */
  readonly kubeconfig: string;
  readonly folder: string;
  /** Of service accounts, for the controller that signs their tokens. */
  readonly serviceAccountKey: string;
  readonly caFile: string;
  readonly stop: () => Promise<void>;
}

export const freePort = (purpose: string) => choosePort({ preferred: [], purpose });

/** Starts etcd and an API server of their own on free ports of the loopback, with a certificate and a token of their own. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = ownedFolder('control-plane');
  const processes = new Processes(folder);
  let api: ApiClient | undefined;
  const stop = async () => {
    api?.close();
    await processes.stopAll();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const etcdUrl = await startEtcd(processes);
    const server = await startApiServer(processes, etcdUrl);
    api = server.api;
    return { ...server, processes, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startEtcd(processes: Processes): Promise<string> {
  const client = `http://127.0.0.1:${await freePort('etcd')}`;
  const peer = `http://127.0.0.1:${await freePort('etcd')}`;
  await processes.start('etcd', {
    command: programPath('etcd'),
    args: flags({
      'data-dir': join(processes.folder, 'etcd'),
      'unsafe-no-fsync': true,
      'log-level': 'warn',
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
    }),
    ready: async () => (await fetch(`${client}/health`)).ok,
  });
  return client;
}

async function startApiServer(processes: Processes, etcdUrl: string) {
  const { folder } = processes;
  const port = await freePort('kube-apiserver');
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates);
  const token = randomBytes(16).toString('hex');
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const serviceAccountKey = join(folder, 'service-accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(serviceAccountKey, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  // The server makes a certificate, and signs it by an authority that is in the same file.
  const caFile = join(certificates, 'apiserver.crt');
  let api: ApiClient | undefined;
  await processes.start('kube-apiserver', {
    command: programPath('kube-apiserver'),
    args: flags({
      'etcd-servers': etcdUrl,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': port,
      'cert-dir': certificates,
      'token-auth-file': tokens,
      'service-account-key-file': serviceAccountKey,
      'service-account-signing-key-file': serviceAccountKey,
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-cluster-ip-range': '10.96.0.0/16',
      'authorization-mode': 'RBAC',
      'allow-privileged': true,
      'endpoint-reconciler-type': 'none',
    }),
    ready: async () => {
      api ??= new ApiClient({ port, token, ca: readFileSync(caFile, 'utf8') });
      return (await api.send('GET', '/readyz')).status === 200;
    },
  });
  if (!api) throw new Error('kube-apiserver: ready before it was asked');
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(port, caFile, token)), { mode: 0o600 });
  return { api, kubeconfig, serviceAccountKey, caFile };
}

function kubeconfigOf(port: number, caFile: string, token: string) {
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': caFile };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
}
