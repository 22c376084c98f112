import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentStatus } from '../../cli/status/environment-status';
import type { ModelStatus } from '../../cli/status/model-status';
import { waitUntil } from '../../local/loop/wait-until';
import { Rehearsal } from '../../local/rehearsal/rehearsal';
import { type Ended, mlops } from '../local/command';
import { daemonOf } from '../local/daemons';
import { stateFolder } from '../local/state-folder';

const MINUTES = 60_000;
/** A canary of ten minutes takes twenty seconds, and its guards need ten requests a second. */
const SPEED = '30';

describe('a release on this machine', () => {
  const state = stateFolder('mlops-rehearsal');
  const release = async (...words: string[]): Promise<Ended & { readonly rehearsal: Rehearsal }> => {
    const ended = await mlops(state, 'local', 'release', ...words, '--json').ended;
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 0 });
    return { ...ended, rehearsal: Rehearsal.parse(JSON.parse(ended.stdout)) };
  };
  /** @returns undefined where it isn't answered in time */
  const seen = async (): Promise<ModelStatus | undefined> => {
    const { stdout } = await mlops(state, 'status', 'local', '--json').ended;
    const { environments } = JSON.parse(stdout) as { environments: EnvironmentStatus[] };
    const model = environments[0]?.models[0];
    return model === undefined || 'fault' in model ? undefined : model;
  };
  const status = (): Promise<ModelStatus> =>
    waitUntil(seen, () => 'the status is never known', { timeoutSeconds: 150, everyMs: 1000 });
  const up = async (): Promise<void> => {
    const { code, stderr } = await mlops(state, 'local', 'up', '--speed', SPEED).ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    const { code, stderr } = await mlops(state, 'local', '--speed', SPEED, '--json').ended;
    if (code !== 0) throw new Error(`mlops local ended with ${code}: ${stderr}`);
  }, 10 * MINUTES);

  afterAll(async () => {
    await mlops(state, 'local', 'down').ended;
    rmSync(state, { recursive: true, force: true });
  }, 3 * MINUTES);

  describe('under real traffic', () => {
    test(
      'a good one takes all traffic and loses no request',
      async () => {
        const { rehearsal } = await release();
        expect(rehearsal).toMatchObject({ kind: 'good', outcome: 'released', traffic: { failed: 0 } });
        expect(rehearsal.exposure?.requests).toBeGreaterThan(0);
        expect((await status()).live?.version).toBe(rehearsal.version);
      },
      5 * MINUTES,
    );

    test.each([
      ['errors', /ErrorRate/],
      ['slow', /Latency/],
      ['wrong', /PredictionShift/],
    ] as const)(
      'one with %s goes back before more than its first step has met it, and the report shows it',
      async (fault, alarm) => {
        const before = (await status()).live;
        const { rehearsal } = await release('--bad', fault);
        expect(rehearsal).toMatchObject({ kind: fault, outcome: 'rolled-back', from: before?.version });
        expect(rehearsal.alarms.join(' ')).toMatch(alarm);
        const { percentMinutes = Number.NaN, firstStepPercentMinutes = Number.NaN } = rehearsal.exposure ?? {};
        expect(percentMinutes).toBeGreaterThan(0);
        expect(percentMinutes).toBeLessThanOrEqual(firstStepPercentMinutes);
        expect((await status()).live).toEqual(before);
        const page = readFileSync(join(state, 'report', 'index.html'), 'utf8');
        expect(page).toContain(`rehearsal: ${fault}`);
        expect(page).toContain('>rollback<');
      },
      5 * MINUTES,
    );
  });

  describe('that is cut off by kill -9 in the middle of a shift leaves the old or the new version serving', () => {
    test.each([
      ['the command', (): number | undefined => undefined],
      ['the data plane', () => daemonOf(state, 'sagemaker')],
      ['the local AWS', () => daemonOf(state, 'aws')],
    ] as const)(
      'of %s',
      async (_, victim) => {
        const before = (await status()).live?.version;
        const shifting = mlops(state, 'local', 'release');
        await shifting.sees(/Baking, 10 %/, 120);
        process.kill(victim() ?? (shifting.process.pid as number), 'SIGKILL');
        if (victim()) shifting.process.kill('SIGKILL');
        const [, registered] = /Registered version (\d+)/.exec((await shifting.ended).stderr) ?? [];
        if (victim()) await up();
        const settled = await waitUntil(
          async () => {
            const found = await seen();
            if (found === undefined) return undefined;
            const { inProgress, shift, endpoint } = found;
            return inProgress === null && shift === null && endpoint.status === 'InService' ? found : undefined;
          },
          () => 'the release never comes to rest',
          { timeoutSeconds: 240, everyMs: 1000 },
        );
        expect([before, Number(registered)]).toContain(settled.live?.version);
        const { code, stdout } = await mlops(state, 'local', 'invoke', '--json').ended;
        expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, tried: 20, succeeded: 20 });
        expect((await mlops(state, 'release', 'verify', 'flight-delay').ended).code).toBe(0);
      },
      8 * MINUTES,
    );
  });
});
