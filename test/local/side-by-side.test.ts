import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localAwsStatus, startLocalAws, stopLocalAws } from '../../local/aws/local-aws';
import { choosePort } from '../../local/daemon/choose-port';
import { StateDirectory } from '../../local/state-directory';
import { REPOSITORY } from './command';
import { stateFolder } from './state-folder';

const PYTHON = join(REPOSITORY, '.mlops', 'python');
const MINUTES = 60_000;

interface Health {
  readonly pid: number;
  readonly region: string;
}

test(
  'two environments that start at once, and want the same port, have an AWS of their own each, in its own region',
  async () => {
    const port = await choosePort({ preferred: [], purpose: 'a test' });
    const states = ['mlops-one', 'mlops-two'].map((name) => new StateDirectory(stateFolder(name), PYTHON));
    for (const { processes } of states) {
      mkdirSync(processes, { recursive: true });
      // As two that have never run want the usual port.
      const ended = { pid: process.pid, started: 'long ago', port, fingerprint: '' };
      writeFileSync(join(processes, 'aws.json'), JSON.stringify(ended));
    }
    try {
      const started = await Promise.all(
        states.map((state, index) =>
          startLocalAws({
            state,
            region: index === 0 ? undefined : 'eu-west-1',
            repository: REPOSITORY,
            sagemakerCommand: [process.execPath, join(REPOSITORY, 'bin', 'mlops.mjs'), 'local-sagemaker'],
            environment: process.env,
          }),
        ),
      );
      expect(started.map((aws) => aws.port)).toContain(port);
      const answering = await Promise.all(
        started.map(async ({ endpoint }) => (await (await fetch(`${endpoint}/_mlops/health`)).json()) as Health),
      );
      expect(answering.map(({ pid }) => pid)).toEqual(states.map((state) => localAwsStatus(state).aws?.pid));
      expect(answering.map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
      expect(new Set(answering.map(({ pid }) => pid)).size).toBe(2);
    } finally {
      await Promise.all(states.map(stopLocalAws));
      for (const { root } of states) rmSync(root, { recursive: true, force: true });
    }
  },
  5 * MINUTES,
);
