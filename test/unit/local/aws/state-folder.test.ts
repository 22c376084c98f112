import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../../../local/container/process-identity';
import { stateFolder } from '../../../local/state-folder';

const purpose = `state-${randomUUID().slice(0, 8)}`;
const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function sleeping(): ChildProcess {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(child);
  return child;
}

test('a test that was killed leaves its local AWS to the next one, which ends it and removes its folder', async () => {
  const [owner, daemon] = [sleeping(), sleeping()];
  const { started } = identify(owner.pid ?? 0) ?? { started: '' };
  const theirs = join(tmpdir(), `${purpose}-${owner.pid}-${Buffer.from(started).toString('hex')}-Ab1x9z`);
  folders.push(theirs);
  mkdirSync(join(theirs, 'processes'), { recursive: true });
  const record = { ...identify(daemon.pid ?? 0), port: 1, fingerprint: '' };
  writeFileSync(join(theirs, 'processes', 'aws.json'), JSON.stringify(record));
  folders.push(stateFolder(purpose));
  expect([existsSync(theirs), identify(daemon.pid ?? 0)]).toEqual([true, expect.anything()]);

  const [ownerEnds, daemonEnds] = [once(owner, 'exit'), once(daemon, 'exit')];
  owner.kill('SIGKILL');
  await ownerEnds;
  folders.push(stateFolder(purpose));
  await daemonEnds;
  expect(existsSync(theirs)).toBe(false);
});
