import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { exitCodeOf } from '../../../../../cli/exit-code';
import { stepCommand } from '../../../../../cli/release/manifests/step-command';
import { openRelease } from '../../../../../cli/release/open-release';
import { readReleases } from '../../../../../config/kubernetes/release-file';
import { defineEnvironments, defineModels } from '../../../../../config/schema';
import { SealedManifestRecord } from '../../../../../core/release/manifest-record';
import { kubernetesModel, type PlaneInput, plane, release } from '../../../config/kubernetes/smallest';
import { environment } from '../../../config/smallest';
import { surroundings } from '../../surroundings';
import { FakeAccount, MODEL } from '../fake-account';

const root = mkdtempSync(join(tmpdir(), 'steps-'));
const file = join(root, 'config/releases/dev.json');
afterAll(() => rmSync(root, { recursive: true }));
let made: FakeAccount;
let minute: number;
beforeEach(() => {
  made = new FakeAccount();
  minute = 0;
  mkdirSync(join(root, 'config/releases'), { recursive: true });
  write({ stable: release('a'), candidate: { ...release('b'), version: 7, step: 0 } });
});

const write = (releases: object) => writeFileSync(file, `${JSON.stringify({ [MODEL]: releases })}\n`);
const written = () =>
  (JSON.parse(readFileSync(file, 'utf8')) as Record<string, { candidate?: { step: number } }>)[MODEL];

/** A step in the minute that it is by then, and whatever is asked for. */
async function step(words: readonly string[] = [], more: Partial<PlaneInput> = {}, model: object = {}) {
  const rollout = { kind: 'canary', percent: 20, bakeMinutes: 15 } as const;
  const models = defineModels({ [MODEL]: kubernetesModel({ rollout, ...model }) });
  const spec = environment([MODEL], {
    account: '111111111111',
    planes: ['kubernetes'],
    kubernetes: plane({ ...more, releases: readReleases('dev', root) }),
    instances: { min: 5, max: 5 },
  });
  const { dev } = defineEnvironments(models, { dev: spec });
  const recorded = { ...surroundings(), repository: root, now: () => new Date(Date.UTC(2026, 0, 2, 3, minute)) };
  const chosen = { environmentName: 'dev', environment: dev, model: MODEL, spec: models[MODEL] } as never;
  const program = new Command().exitOverride();
  stepCommand(program, {
    surroundings: recorded,
    sleep: made.sleep,
    user: () => 'ada',
    open: async (_, work) => work(await openRelease({ chosen, api: made, surroundings: recorded, toChange: false })),
  });
  const error: unknown = await program
    .parseAsync(['step', MODEL, '--env', 'dev', ...words], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  const records = [...made.aws.objects.entries()]
    .filter(([key]) => key.includes('/manifests/'))
    .map(([, { body }]) => SealedManifestRecord.parse(JSON.parse(body)));
  return { text: recorded.lines.join('\n'), error, records };
}

describe('mlops release step', () => {
  test('takes the steps of the policy one by one, and then makes the candidate the stable release', async () => {
    expect((await step()).text).toBe(
      `The candidate of ${MODEL} takes step 1 of 2, 20 % of the traffic; watch it for 15 minutes before the next one (config/releases/dev.json). Commit it; npm run charts makes manifests of it.`,
    );
    expect(written()?.candidate?.step).toBe(1);
    minute = 15;
    expect((await step()).text).toContain('takes step 2 of 2, 100 % of the traffic');
    minute = 30;
    expect((await step()).text).toContain('has taken all steps and is the stable release');
    expect(written()).toEqual({ stable: { ...release('b'), version: 7 } });
    expect(exitCodeOf((await step()).error)).toBe(2);
  });

  test('keeps who took it, and why, as evidence', async () => {
    const { records } = await step(['--by', 'grace', '--reason', 'no errors in an hour']);
    expect(records).toMatchObject([
      {
        change: 'step',
        version: 7,
        modelPackage: null,
        before: { candidate: { step: 0 } },
        after: { candidate: { step: 1 } },
        by: 'grace',
        reason: 'no errors in an hour',
      },
    ]);
  });

  test('prints JSON', async () => {
    const { text, records } = await step(['--json']);
    expect(JSON.parse(text)).toMatchObject({
      environment: 'dev',
      model: MODEL,
      step: { number: 1, of: 2, percent: 20, minutes: 15 },
      file: 'config/releases/dev.json',
      changed: true,
      releases: { candidate: { step: 1 } },
      evidence: expect.stringContaining('-step-') as string,
    });
    expect(records).toHaveLength(1);
  });

  test('goes back with --back, and keeps that as well', async () => {
    await step();
    const { text, records } = await step(['--back', '--reason', 'slow']);
    expect(text).toContain(`All traffic of ${MODEL} goes to the stable release`);
    expect(written()).toEqual({ stable: release('a') });
    expect(records).toMatchObject([{ change: 'step' }, { change: 'back', reason: 'slow' }]);
  });

  describe('before the candidate was watched for as long as the policy says', () => {
    const unchanged = async (words: readonly string[] = [], model: object = {}) => {
      const before = readFileSync(file);
      const { error, records } = await step(words, {}, model);
      expect(readFileSync(file)).toEqual(before);
      expect(exitCodeOf(error)).toBe(2);
      return { message: String(error), records };
    };

    test('is refused with the time that is left, to the minute, and changes nothing', async () => {
      await step();
      minute = 14;
      const { message, records } = await unchanged();
      expect(message).toContain(
        `${MODEL} in dev: step 1 is watched for 15 minutes from 2026-01-02T03:00:00Z on, got the next one 1 minute early; ` +
          'come back at 2026-01-02T03:15:00.000Z; --back takes it back at once, and --early takes the next one all the same, with a --reason',
      );
      expect(records).toHaveLength(1);
      minute = 0;
      expect((await unchanged()).message).toContain('15 minutes early');
    });

    test('goes back all the same', async () => {
      await step();
      expect((await step(['--back'])).error).toBeUndefined();
      expect(written()).toEqual({ stable: release('a') });
    });

    test('is taken with --early and a reason, and not without one', async () => {
      await step();
      expect((await unchanged(['--early'])).message).toContain(
        '--early: is kept as evidence with its reason, got no --reason; say why it can be',
      );
      const { error, records } = await step(['--early', '--reason', 'the stable one is down']);
      expect(error).toBeUndefined();
      expect(written()?.candidate?.step).toBe(2);
      expect(records).toMatchObject([{}, { change: 'step', reason: 'the stable one is down' }]);
    });

    test('is refused if nobody wrote down when it was taken, or a record of it was changed', async () => {
      write({ stable: release('a'), candidate: { ...release('b'), version: 7, step: 1 } });
      expect((await unchanged()).message).toContain(
        'step 1 is watched for 15 minutes, got no record of when it was taken; wait for so long; --early',
      );
      write({ stable: release('a'), candidate: { ...release('b'), version: 7, step: 0 } });
      await step();
      minute = 20;
      for (const [key, object] of made.aws.objects)
        made.aws.objects.set(key, { ...object, body: object.body.replace('T03:00', 'T02:00') });
      expect((await unchanged()).message).toContain('got no record of when it was taken');
    });

    test('counts from the last time that it was taken', async () => {
      await step();
      minute = 20;
      await step(['--back']);
      write({ stable: release('a'), candidate: { ...release('b'), version: 7, step: 0 } });
      await step();
      minute = 25;
      expect((await unchanged()).message).toContain('from 2026-01-02T03:20:00Z on, got the next one 10 minutes early');
    });

    test('has nothing to be watched where steps take no time', async () => {
      const rollout = { kind: 'blueGreen', bakeMinutes: 0 } as const;
      write({ stable: release('a'), candidate: { ...release('b'), version: 7, step: 1 } });
      expect((await step([], {}, { rollout })).text).toContain('is the stable release');
    });

    test('and in the dark only as a shadow, which gets copies', async () => {
      const gateway = {
        kind: 'gateway-api',
        gateway: { name: 'g', namespace: 'g', domain: 'm.example.com' },
        guards: 'alert',
      };
      const shadow = { serving: { mode: 'shadow' } };
      const { error } = await step([], { engine: gateway as never }, shadow);
      expect(String(error)).toContain('step 0 is watched for 15 minutes, got no record');
    });
  });

  test('is refused where a controller takes the steps, with 2, and changes nothing', async () => {
    write({ stable: release('a') });
    const before = readFileSync(file);
    const { error, records } = await step([], { engine: { kind: 'argo-rollouts' } });
    expect(String(error)).toContain(
      `${MODEL} in dev: argo-rollouts takes the steps by itself, got a step by hand; decide in the cluster: kubectl argo rollouts promote MODEL`,
    );
    expect(exitCodeOf(error)).toBe(2);
    expect(readFileSync(file)).toEqual(before);
    expect(records).toEqual([]);
  });

  test('wants to know the environment', async () => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    stepCommand(program, { surroundings: surroundings() } as never);
    await expect(program.parseAsync(['step', MODEL], { from: 'user' })).rejects.toThrow('--env');
  });
});
