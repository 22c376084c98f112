import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cdk } from '../../../../local/deploy/cdk';
import { synthesise } from '../../../../local/deploy/synthesise';
import { StateDirectory } from '../../../../local/state-directory';

describe('the synthesis of a local environment', () => {
  let repository: string;
  let state: StateDirectory;
  let runs: number;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'mlops-checkout-'));
    state = new StateDirectory(join(repository, '.mlops', 'local'));
    runs = 0;
    mkdirSync(join(repository, 'server'));
    writeFileSync(join(repository, 'server', 'main.ts'), 'one');
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  /** Writes a stage without stacks, as the CDK would. */
  const run = async (args: readonly string[]) => {
    runs += 1;
    const out = args[args.indexOf('--output') + 1] ?? '';
    mkdirSync(join(out, 'assembly-local'), { recursive: true });
    const properties = { directoryName: 'assembly-local', displayName: 'local' };
    const stage = { type: 'cdk:cloud-assembly', properties };
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ artifacts: { local: stage } }));
    writeFileSync(join(out, 'assembly-local', 'manifest.json'), '{"artifacts":{}}');
  };
  const synthesised = () =>
    synthesise({
      state,
      repository,
      environment: 'local',
      cdk: { run } as unknown as Cdk,
      onProgress: () => undefined,
    });

  test('is kept until a source changes, that of the model server too', async () => {
    await synthesised();
    await synthesised();
    expect(runs).toBe(1);
    writeFileSync(join(repository, 'server', 'main.ts'), 'two');
    expect((await synthesised()).directory).toBe(join(state.cloudAssembly, 'assembly-local'));
    expect(runs).toBe(2);
  });

  test('takes nothing of what a killed process left, and removes it', async () => {
    for (const left of ['cdk.out.draft', 'cdk.out.1.draft']) {
      mkdirSync(join(state.root, left), { recursive: true });
      writeFileSync(join(state.root, left, 'half.template.json'), '{');
    }
    await synthesised();
    expect(existsSync(join(state.cloudAssembly, 'half.template.json'))).toBe(false);
    expect(readdirSync(state.root).toSorted()).toEqual(['cdk.out', 'cdk.out.fingerprint']);
  });
});
