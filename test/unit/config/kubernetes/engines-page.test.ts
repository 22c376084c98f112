import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_FEATURES, ENGINES } from '../../../../config/kubernetes/engine-features';
import { enginesPage } from '../../../../config/kubernetes/engines-page';

const page = enginesPage();

describe('docs/guide/kubernetes-engines.md', () => {
  test('is what the features say now; npm run docs:engines writes it again', () => {
    expect(readFileSync(join(__dirname, '../../../../docs/guide/kubernetes-engines.md'), 'utf8')).toBe(page);
  });

  test('has every feature on a line of its own, and a cell for every engine', () => {
    for (const { id, engines } of ENGINE_FEATURES) {
      const lines = page.split('\n').filter((each) => each.startsWith(`| \`${id}\``));
      expect(lines).toHaveLength(1);
      const cells = lines[0]?.split(' | ') ?? [];
      expect(cells).toHaveLength(ENGINES.length + 3);
      expect(cells.slice(2, -1).map((cell) => cell === 'yes')).toEqual(ENGINES.map((name) => engines[name] === true));
    }
  });
});
