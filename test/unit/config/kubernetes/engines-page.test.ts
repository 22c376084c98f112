import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_FEATURES, ENGINES } from '../../../../config/kubernetes/engine-features';
import { enginesPage } from '../../../../config/kubernetes/engines-page';

const page = enginesPage();

describe('docs/guide/kubernetes-engines.md', () => {
  test('is what the features say now; npm run docs:engines writes it again', () => {
    expect(readFileSync(join(__dirname, '../../../../docs/guide/kubernetes-engines.md'), 'utf8')).toBe(page);
  });

  test('has every engine on a line of its own, and a cell for every feature', () => {
    for (const engine of ENGINES) {
      const lines = page.split('\n').filter((each) => each.startsWith(`| ${engine} |`));
      expect(lines).toHaveLength(1);
      const cells = lines[0]?.slice(2, -2).split(' | ') ?? [];
      expect(cells).toHaveLength(ENGINE_FEATURES.length + 2);
      expect(cells.slice(1, -1).map((cell) => cell === 'yes')).toEqual(
        ENGINE_FEATURES.map(({ engines }) => engines[engine] === true),
      );
    }
  });

  test('says of every feature what it is, and why an engine has it not', () => {
    for (const { says, engines } of ENGINE_FEATURES) {
      const reasons = Object.values(engines).filter((support) => support !== true);
      for (const text of [says, ...reasons.map((reason) => `: ${reason}`)]) expect(page).toContain(text);
    }
  });
});
