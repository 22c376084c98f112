import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCALING_RULES } from '../../../config/check-autoscaling';

test('the guide to autoscaling says which kind goes with which mode', () => {
  const guide = readFileSync(join(__dirname, '../../../docs/guide/autoscaling.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)`\s+\| ([^|]+?)\s+\|/gm)].map(([, kind, modes]) => [kind, modes]);
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(SCALING_RULES).map(([kind, { modes }]) => [kind, modes.join(', ')])),
  );
});
