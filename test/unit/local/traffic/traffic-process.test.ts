import { TrafficProcess } from '../../../../local/traffic/traffic-process';

const totals = {
  sent: 3,
  succeeded: 3,
  failed: 0,
  missed: 0,
  correct: 2,
  failures: {},
  p50Ms: 1,
  p99Ms: 2,
};
const plan = {
  endpoint: 'http://localhost:1',
  region: 'us-east-1',
  endpointName: 'e',
  perSecond: 1,
  sample: { instances: [{ a: 1 }], labels: [0] },
};

function start(script: string): TrafficProcess {
  return new TrafficProcess({
    command: [process.execPath, '-e', script],
    plan,
    environment: { PATH: process.env.PATH },
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

const threw = (traffic: TrafficProcess): string => {
  try {
    traffic.requireRunning();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the process that sends requests', () => {
  test('is given the plan, tells its totals, and ends when it is stopped', async () => {
    const traffic = start(
      `process.stdin.once('data', (plan) => console.log(JSON.stringify({...${JSON.stringify(totals)}, sent: JSON.parse(plan).sample.labels.length})));
       process.stdin.on('end', () => { console.log(JSON.stringify({...${JSON.stringify(totals)}, sent: 9})); process.exit(0); });`,
    );
    expect(traffic.totals).toBeUndefined();
    await until(() => traffic.totals?.sent === 1);
    expect(threw(traffic)).toBe('');
    expect(await traffic.stop()).toEqual({ ...totals, sent: 9 });
    expect(threw(traffic)).toContain('has ended, got 0');
  });

  test('says why it ended by itself', async () => {
    const traffic = start("console.error('no such endpoint'); process.exit(3)");
    await until(() => threw(traffic).includes('no such endpoint'));
    expect(threw(traffic)).toContain('got 3 no such endpoint; run the command again');
    expect(await traffic.stop()).toBeUndefined();
  });

  test('says that it could not be started', async () => {
    const traffic = new TrafficProcess({ command: ['/nowhere/node'], plan, environment: {} });
    await until(() => threw(traffic).includes('ENOENT'));
    expect(threw(traffic)).toContain('run the command again');
  });
});
