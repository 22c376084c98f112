import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesPage } from '../../../../constructs/serving/rules/rules-page';
import { SERVICE_RULES } from '../../../../constructs/serving/service-rules';

const page = rulesPage();

describe('docs/guide/serving-rules.md', () => {
  test('is what the rules say now; npm run docs:rules writes it again', () => {
    expect(readFileSync(join(__dirname, '../../../../docs/guide/serving-rules.md'), 'utf8')).toBe(page);
  });

  test('has every rule on a line of its own, and no cell that would break its table', () => {
    for (const { id, says } of Object.values(SERVICE_RULES).flat()) {
      const [line = '', ...others] = page.split('\n').filter((each) => each.includes(`\`${id}\``));
      expect(others).toEqual([]);
      expect(line).toContain(says);
      expect(line.split('|')).toHaveLength(6);
    }
  });
});
