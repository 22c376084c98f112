import { closingSummary } from '../../../cli/closing-summary';
import { StateDirectory } from '../../../local/state-directory';
import { exampleSummary } from '../local/report/example-summary';

test('the closing summary says what came out and what to try next', () => {
  const text = closingSummary(exampleSummary, new StateDirectory('/repo/.mlops/local'), '/repo').join('\n');
  expect(text).toContain('roc_auc 0.700 (0.680 to 0.720)');
  expect(text).toContain('version 1 on local-flight-delay, 40 of 40 requests answered');
  expect(text).toContain('.mlops/local/report/index.html');
  expect(text).toContain('npx mlops release history flight-delay');
  expect(text).toContain('npx mlops local down');
});
