import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { models } from '../../../../config/models';
import { bringUp } from '../../../../local/loop/bring-up';
import type { PhaseTitle, Progress } from '../../../../local/loop/progress';
import { StateDirectory } from '../../../../local/state-directory';

/** Notes which phases begin, and which fail. */
class Notes implements Progress {
  readonly begun: PhaseTitle[] = [];
  readonly failed: PhaseTitle[] = [];

  async phase<T>(title: PhaseTitle, work: (say: () => void) => Promise<T>): Promise<T> {
    this.begun.push(title);
    try {
      return await work(() => undefined);
    } catch (error) {
      this.failed.push(title);
      throw error;
    }
  }
}

describe('bringing up an environment', () => {
  let repository: string;
  beforeEach(() => {
    repository = mkdtempSync(join(tmpdir(), 'mlops-checkout-'));
  });
  afterEach(() => rmSync(repository, { recursive: true, force: true }));

  const bringUpHere = (progress: Progress) =>
    bringUp({
      state: new StateDirectory(join(repository, '.mlops', 'local')),
      repository,
      target: { environment: 'local', region: 'us-east-1', model: 'flight-delay', spec: models['flight-delay'] },
      account: '000000000000',
      // No program is found, and so no Python.
      environment: { PATH: join(repository, 'bin'), HOME: repository },
      progress,
    });

  test('that has no Python says so, and not that the deployment beside it failed too', async () => {
    const progress = new Notes();
    mkdirSync(join(repository, 'local', 'aws'), { recursive: true });
    writeFileSync(join(repository, 'local', 'aws', 'requirements.lock'), '');
    await expect(bringUpHere(progress)).rejects.toThrow(/^Python: 3\.11 .* got no Python at all/);
    expect(progress.begun).toEqual(['Set up Python', 'Deploy the stacks']);
    expect(progress.failed).toEqual(expect.arrayContaining(['Set up Python', 'Deploy the stacks']));
  });

  test('without its lock file ends with that, and starts nothing', async () => {
    const progress = new Notes();
    await expect(bringUpHere(progress)).rejects.toThrow(/requirements\.lock/);
    expect(progress.begun).not.toContain('Start the local AWS');
  });
});
