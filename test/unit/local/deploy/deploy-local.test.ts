import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployLocal } from '../../../../local/deploy/deploy-local';
import { synthesise } from '../../../../local/deploy/synthesise';
import { StateDirectory } from '../../../../local/state-directory';

jest.mock('../../../../local/deploy/synthesise');

describe('the deployment of a local environment', () => {
  const root = mkdtempSync(join(tmpdir(), 'deploy-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('waits for the one that another process does: they would write to the same folder, and update the same stacks', async () => {
    const state = new StateDirectory(root);
    let [inside, most] = [0, 0];
    jest.mocked(synthesise).mockImplementation(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      throw new Error('no stacks in this test');
    });
    const said: string[] = [];
    const deploy = () =>
      deployLocal({
        state,
        repository: root,
        endpoint: Promise.reject(new Error('no local AWS in this test')),
        python: Promise.resolve(),
        environment: 'local',
        account: '000000000000',
        region: 'us-east-1',
        variables: {},
        onProgress: (message) => said.push(message),
      });
    const ended = await Promise.allSettled([deploy(), deploy()]);
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(synthesise).toHaveBeenCalledTimes(2);
    expect(most).toBe(1);
    expect(said).toContain(`waiting for process ${process.pid}, which deploys too`);
  });
});
