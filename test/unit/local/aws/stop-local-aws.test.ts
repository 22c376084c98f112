import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localAwsStatus, stopLocalAws } from '../../../../local/aws/local-aws';
import { identify } from '../../../../local/container/process-identity';
import { StateDirectory } from '../../../../local/state-directory';

const children: ChildProcess[] = [];
let state: StateDirectory;
beforeEach(() => {
  state = new StateDirectory(mkdtempSync(join(tmpdir(), 'stop-')));
  mkdirSync(state.processes);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(state.root, { recursive: true, force: true });
});

/** A process that stands for one of the local AWS. */
function start(name: 'aws' | 'sagemaker', script: string): ChildProcess {
  const child = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const record = { ...identify(child.pid ?? 0), port: 1, fingerprint: '' };
  writeFileSync(join(state.processes, `${name}.json`), JSON.stringify(record));
  return child;
}

test('a local AWS that is stopped while an old process of it is replaced leaves the new one neither', async () => {
  const slow = start('aws', `trap 'sleep 0.3; exit' TERM; echo ready; while :; do sleep 0.05; done`);
  if (slow.stdout) await once(slow.stdout, 'data');
  start('sagemaker', 'exec sleep 60').once('exit', () => start('sagemaker', 'exec sleep 60'));
  await stopLocalAws(state);
  expect(children).toHaveLength(3);
  expect(localAwsStatus(state)).toEqual({});
});
