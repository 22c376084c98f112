import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { processorOf } from '../../performance/server/processor-of';

const SECONDS = 0.2;
/** Prints a line once it has used so much of a processor, and waits. */
const WORKS = `
  while (process.cpuUsage().user < ${SECONDS * 1e6});
  console.log('done');
  setInterval(() => {}, 1000);
`;

test("what a process's children use of a processor is its own", async () => {
  const before = processorOf(process.pid) as number;
  const child = spawn(process.execPath, ['-e', WORKS], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const used = processorOf(child.pid as number) as number;
    expect(used).toBeGreaterThanOrEqual(SECONDS - 0.02);
    expect((processorOf(process.pid) as number) - before).toBeGreaterThanOrEqual(used - 0.02);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  expect(processorOf(child.pid as number)).toBeUndefined();
});
