import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { frame } from '../../../../local/container/frames';
import { identify } from '../../../../local/container/process-identity';
import { eventually } from '../sagemaker/eventually';
import { type ForkFixture, forkFixtures } from './fork-fixture';

let fixture: ForkFixture;
forkFixtures((fresh) => {
  fixture = fresh;
});

const A = ['python3', '/opt/program/a.py'];
const MAIN = join(__dirname, '../../../../local/container/fork_server/main.py');

describe('a fork server', () => {
  test('lets nothing begin once the program that it works for has ended', async () => {
    fixture.script('a.py', 'open("begun", "w")');
    const { program } = fixture;
    const { interpreter } = fixture.props(A).image;
    const server = spawn(interpreter, [MAIN], { cwd: program, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
    const ended = once(server, 'exit');
    const connection = server.stdio[3] as Socket;
    const [log = '', identity = ''] = ['log', 'process.json'].map((name) => join(fixture.root, name));
    // As if that one were killed while its fork server starts: the job is asked for, and nobody is there any more.
    const asked = frame(['run', '0', program, log, identity, '', 'python3', 'a.py', '0']);
    connection.write(asked, () => connection.destroy());
    await ended;
    const { pid } = JSON.parse(readFileSync(identity, 'utf8')) as { readonly pid: number };
    await eventually(() => identify(pid) === undefined);
    expect(readdirSync(program)).toEqual(['a.py']);
  });

  test('that can not be started leaves its job to a process of its own', async () => {
    fixture.script('a.py', 'print("done")');
    const full = jest.spyOn(fs, 'mkdtempSync').mockImplementation(() => {
      throw new Error('no space left');
    });
    const ran = await fixture.run(fixture.servers(), ...A).finally(() => full.mockRestore());
    expect(ran).toEqual({ code: 0, signal: null, log: 'done\n' });
    expect(fixture.messages).toEqual([expect.stringContaining('no space left')]);
  });
});
