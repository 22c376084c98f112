import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../../../local/container/process-identity';
import { choosePort } from '../../../../local/daemon/choose-port';
import { type DaemonSpec, lastRecord, runningDaemon, startDaemon, stopDaemon } from '../../../../local/daemon/daemon';
import { StateDirectory } from '../../../../local/state-directory';

const SERVER = `
  console.log('hello from the daemon');
  require('node:http').createServer((_, answer) => answer.end('ok')).listen(Number(process.argv[1]), '127.0.0.1');
`;

describe('a daemon', () => {
  let folder: string;
  let state: StateDirectory;
  let port: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'daemon-'));
    state = new StateDirectory(join(folder, 'local'));
    port = await choosePort({ preferred: [], purpose: 'a test' });
  });
  afterEach(async () => {
    await stopDaemon(state, 'server', 0);
    rmSync(folder, { recursive: true, force: true });
  });

  const answers = () =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    );
  const spec = (differences: Partial<DaemonSpec> = {}): DaemonSpec => ({
    name: 'server',
    title: 'the server',
    command: [process.execPath, '-e', SERVER, String(port)],
    cwd: folder,
    environment: { PATH: process.env.PATH },
    port,
    fingerprint: 'one',
    isReady: answers,
    readySeconds: 20,
    ...differences,
  });

  test('is there once it is ready, on record and with a log', async () => {
    const record = await startDaemon(state, spec());
    expect(await answers()).toBe(true);
    expect(runningDaemon(state, 'server')).toEqual(record);
    expect(record).toMatchObject({ port, fingerprint: 'one' });
    expect(readFileSync(join(state.logs, 'server.log'), 'utf8')).toBe('hello from the daemon\n');
  });

  test('is what has to answer: another program may listen on its port', async () => {
    const asked = new Set<number>();
    const isReady = async (pid: number) => {
      asked.add(pid);
      return answers();
    };
    const { pid } = await startDaemon(state, spec({ isReady }));
    expect([...asked]).toEqual([pid]);
  });

  test('ends when it is stopped, and is remembered for its port', async () => {
    const record = await startDaemon(state, spec());
    await stopDaemon(state, 'server', 5000);
    expect(isRunning(record)).toBe(false);
    expect(runningDaemon(state, 'server')).toBeUndefined();
    expect(lastRecord(state, 'server')).toMatchObject({ port });
  });

  test('that ignores SIGTERM is killed after the grace', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${SERVER}`;
    const record = await startDaemon(state, spec({ command: [process.execPath, '-e', stubborn, String(port)] }));
    await stopDaemon(state, 'server', 200);
    expect(isRunning(record)).toBe(false);
  });

  test('that ends at once is an error with the end of its log', async () => {
    const failing = spec({ command: [process.execPath, '-e', "console.error('no such luck'); process.exit(3)"] });
    await expect(startDaemon(state, failing)).rejects.toThrow(
      /the server: did not start, got exit code 3; look at the end of .*server\.log:\nno such luck/,
    );
  });

  test('that fails says nothing of what its predecessor wrote', async () => {
    const failing = (word: string) =>
      spec({ command: [process.execPath, '-e', `console.error('${word}'); process.exit(3)`] });
    await expect(startDaemon(state, failing('first'))).rejects.toThrow('first');
    await expect(startDaemon(state, failing('second'))).rejects.toThrow(/server\.log:\nsecond$/);
  });

  test('that is never ready is ended, and an error', async () => {
    const started = startDaemon(state, spec({ isReady: async () => false, readySeconds: 0.5 }));
    await expect(started).rejects.toThrow('the server: did not start, got no answer within 0.5 s');
    expect(runningDaemon(state, 'server')).toBeUndefined();
  });

  test('whose program is not there is an error too', async () => {
    await expect(startDaemon(state, spec({ command: [join(folder, 'nothing')] }))).rejects.toThrow(/ENOENT/);
  });

  test('that never ran is nothing, and stopping it does nothing', async () => {
    expect(runningDaemon(state, 'server')).toBeUndefined();
    await expect(stopDaemon(state, 'server', 0)).resolves.toBeUndefined();
  });
});
