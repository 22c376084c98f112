import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '../../../../local/container/container';
import { identify } from '../../../../local/container/process-identity';
import { eventually } from '../sagemaker/eventually';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'container-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string): Promise<Container> {
  return Container.start({
    image: { tag: '1', program: folder, interpreter: '/usr/bin/python3', environment: {} },
    command: ['sh', '-c', script],
    directory: join(folder, 'job'),
    environment: { PATH: '/usr/bin:/bin' },
  });
}

describe('a container', () => {
  test('ends with its first process, whatever else runs in it', async () => {
    const container = await start('sleep 60 & echo $!');
    expect(await container.exited).toEqual({ code: 0, signal: null });
    const other = Number(readFileSync(container.log, 'utf8'));
    await eventually(() => identify(other) === undefined);
  });

  test('has ended, whether what was kept to find it can be removed or not', async () => {
    const file = join(folder, 'job', 'process.json');
    const container = await start(`until grep -q pid ${file}; do sleep 0.01; done; rm ${file}; mkdir ${file}`);
    expect(await container.exited).toEqual({ code: 0, signal: null });
  });
});
