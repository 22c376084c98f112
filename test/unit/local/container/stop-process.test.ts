import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endGroup } from '../../../../local/container/end-group';
import { identify, type ProcessIdentity } from '../../../../local/container/process-identity';
import { stopProcess } from '../../../../local/container/stop-process';
import { eventually } from '../sagemaker/eventually';

let leader: ChildProcess | undefined;

afterEach(() => {
  // It has ended, as it should.
  if (leader?.pid !== undefined) endGroup(leader.pid);
  leader = undefined;
});

/** A leader of a group that has started another process, and has printed that one's id. */
async function group(script: string): Promise<{ readonly identity: ProcessIdentity; readonly other: number }> {
  leader = spawn('sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [printed] = (await once(leader.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const identity = identify(leader.pid ?? 0);
  if (!identity) throw new Error('it has ended already');
  return { identity, other: Number(printed) };
}

const isGone = (pid: number) => identify(pid) === undefined;

describe('a group of processes that is stopped', () => {
  test('ends by SIGTERM, with every process of it', async () => {
    const { identity, other } = await group('sleep 60 & echo $!; wait');
    await stopProcess(identity, 60_000);
    expect(isGone(identity.pid)).toBe(true);
    await eventually(() => isGone(other));
  });

  test('is killed if it ignores SIGTERM', async () => {
    const { identity, other } = await group(`trap '' TERM; sleep 60 & echo $!; while :; do sleep 0.05; done`);
    await stopProcess(identity, 100);
    expect(isGone(identity.pid)).toBe(true);
    await eventually(() => isGone(other));
  });

  test('leaves nobody behind that ignores SIGTERM when the leader does not', async () => {
    const { identity, other } = await group(`(trap '' TERM; sh -c 'echo $PPID'; while :; do sleep 0.05; done) & wait`);
    await stopProcess(identity, 60_000);
    await eventually(() => isGone(other));
    expect(isGone(identity.pid)).toBe(true);
  });

  test('is ended all the same if it has no group of its own yet', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const exited = once(child, 'exit');
    await stopProcess(identify(child.pid ?? 0) as ProcessIdentity, 60_000);
    expect(await exited).toEqual([null, 'SIGTERM']);
  });

  test('is let be if the id belongs to another process by now', async () => {
    const { identity, other } = await group('sleep 60 & echo $!; wait');
    await stopProcess({ ...identity, started: 'before' }, 100);
    expect([isGone(identity.pid), isGone(other)]).toEqual([false, false]);
  });
});
