import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { models } from '../../config/models';
import { Cdk } from '../../local/deploy/cdk';
import { latestExecutionWith } from '../../local/loop/execution';
import { readSample } from '../../local/loop/outputs';
import { Summary } from '../../local/loop/summary';
import { Target } from '../../local/loop/target';
import { StateDirectory } from '../../local/state-directory';
import { mlops, REPOSITORY } from '../local/command';
import { stateFolder } from '../local/state-folder';
import { ServedMode } from './served-mode';
import { ENVIRONMENT, MODES, synthesiseModes } from './serving-modes-stage';

const MINUTES = 60_000;
const ROWS = 3;
/** A linear rollout of half an hour takes a minute. */
const SPEED = '30';

describe('the template of every serving mode, deployed on this machine', () => {
  const state = stateFolder('mlops-modes');
  let summary: Summary;
  let rows: string;

  beforeAll(async () => {
    const { code, stdout, stderr } = await mlops(state, 'local', '--speed', SPEED, '--json').ended;
    if (code !== 0) throw new Error(`mlops local ended with ${code}: ${stderr}`);
    summary = Summary.parse(JSON.parse(stdout));
    rows = await heldOutRows(summary.endpointUrl);
    const assembly = join(state, 'modes');
    synthesiseModes(assembly);
    const cdk = new Cdk({
      state: new StateDirectory(state),
      repository: REPOSITORY,
      endpoint: summary.endpointUrl,
      region: 'us-east-1',
      variables: process.env,
    });
    const options = ['--method=direct', '--require-approval=never', '--progress=events', '--concurrency=4'];
    await cdk.run(['deploy', `${ENVIRONMENT}/*`, '--app', assembly, ...options]);
  }, 20 * MINUTES);

  afterAll(async () => {
    await mlops(state, 'local', 'down').ended;
    rmSync(state, { recursive: true, force: true });
  }, 3 * MINUTES);

  test.each(MODES)(
    '%s: is released, verified, and answers',
    async (mode) => {
      const served = new ServedMode(summary.endpointUrl, mode);
      const released = await served.release(summary.modelPackage?.arn ?? '');
      expect(released).toMatchObject({
        outcome: 'released',
        live: expect.stringContaining(`${ENVIRONMENT}-${mode}/1`),
      });
      const answers = (await served.ask(rows)).trim().split('\n').map(Number);
      expect(answers).toHaveLength(ROWS);
      for (const probability of answers) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }
    },
    6 * MINUTES,
  );

  test(
    'a second release of a linear rollout goes step by step under steady traffic, and no request fails',
    async () => {
      const served = new ServedMode(summary.endpointUrl, 'realtime');
      const traffic = served.traffic(rows);
      const [release] = await Promise.allSettled([served.release(summary.modelPackage?.arn ?? '')]);
      // Also where the release fails: it would go on asking for good.
      const { answered, failures } = await traffic.stop();
      if (release.status === 'rejected') throw release.reason;
      const released = release.value;
      expect(released).toMatchObject({
        outcome: 'released',
        live: expect.stringContaining(`${ENVIRONMENT}-realtime/2`),
      });
      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(100);
      const deployment = await served.deployment();
      expect(deployment).toMatchObject({ strategy: 'LINEAR', outcome: 'Succeeded', fired: [] });
      const baked = deployment?.events.filter(({ stage }) => stage === 'Baking') ?? [];
      expect(baked.map(({ greenPercent }) => greenPercent)).toEqual([20, 40, 60, 80, 100]);
      expect(deployment?.green.errors).toBe(0);
    },
    8 * MINUTES,
  );
});

/** As CSV, with their header. */
async function heldOutRows(endpoint: string): Promise<string> {
  const model = { environment: 'local', region: 'us-east-1', model: 'flight-delay', spec: models['flight-delay'] };
  const target = new Target(endpoint, model);
  const execution = await latestExecutionWith(target, 'Prepare');
  if (!execution) throw new Error('no execution prepared data');
  const { instances } = await readSample(target, execution);
  const columns = Object.keys(instances[0] ?? {});
  const lines = instances.slice(0, ROWS).map((row) => columns.map((column) => row[column] ?? '').join(','));
  return [columns.join(','), ...lines].join('\n');
}
