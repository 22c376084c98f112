import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimesPage } from '../../../../charts/server/runtimes-page';
import { RUNTIME_NAMES } from '../../../../config/kubernetes/runtimes';

const page = runtimesPage();

describe('docs/guide/kubernetes-runtimes.md', () => {
  test('is what the runtimes say now; npm run docs:runtimes writes it again', () => {
    expect(readFileSync(join(__dirname, '../../../../docs/guide/kubernetes-runtimes.md'), 'utf8')).toBe(page);
  });

  test('has every runtime in each of its three tables, and as many cells as the table has columns', () => {
    for (const runtime of RUNTIME_NAMES) {
      const lines = page.split('\n').filter((line) => line.startsWith(`| \`${runtime}\` `));
      expect(lines.map((line) => line.split(' | ').length)).toEqual([8, 5, 5]);
    }
  });

  test('says which guards a server can not answer, and that TorchServe is not maintained', () => {
    expect(page).toMatch(/\| `triton` \| yes \| no: it .* \| no: it sums up .* \| no: it sums up .* \|/);
    expect(page).toMatch(/\| `torchserve` .* no longer maintained upstream/);
  });
});
