import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning } from '../../../local/container/process-identity';
import { waitUntil } from '../../../local/loop/wait-until';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'processes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that starts one of its own, which says who it is. */
const OWNER = `
const { Processes } = require(${JSON.stringify(join(__dirname, 'processes.ts'))});
new Processes(process.argv[1]).start('program', { command: 'sh', args: ['-c', 'echo $$ > pid; exec sleep 1000'] });
setInterval(() => undefined, 1000);
`;

const pidIn = (file: string) => {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
};

test('a program ends with the test that started it, even if that is killed', async () => {
  const owner = spawn(process.execPath, ['--import', 'tsx', '-e', OWNER, folder], { stdio: 'inherit' });
  const pid = await waitUntil(
    async () => pidIn(join(folder, 'pid')),
    () => 'the program did not start',
    { timeoutSeconds: 150, everyMs: 50 },
  );
  const program = identify(pid);
  if (!program) throw new Error(`no process ${pid}`);
  try {
    expect(isRunning(program)).toBe(true);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await waitUntil(
      async () => !isRunning(program) || undefined,
      () => 'the program still runs',
      { timeoutSeconds: 60, everyMs: 50 },
    );
  } finally {
    if (isRunning(program)) process.kill(program.pid, 'SIGKILL');
  }
}, 300_000);
