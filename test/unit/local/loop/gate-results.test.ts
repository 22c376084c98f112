import { describeGate, gateResults } from '../../../../local/loop/gate-results';
import { exampleSummary } from '../report/example-summary';

const { evaluation } = exampleSummary;

describe('the gates of a run', () => {
  test('pass on their bound and fail just past it', () => {
    const results = gateResults(
      [
        { metric: 'roc_auc', atLeast: 0.7 },
        { metric: 'roc_auc', atLeast: 0.7001 },
        { metric: 'log_loss', atMost: 0.5 },
        { metric: 'log_loss', atMost: 0.4999 },
      ],
      evaluation,
    );
    expect(results.map(({ passed }) => passed)).toEqual([true, false, true, false]);
    expect(results.map(describeGate)).toEqual([
      'roc_auc 0.700 ≥ 0.7',
      'roc_auc 0.700 < 0.7001',
      'log_loss 0.500 ≤ 0.5',
      'log_loss 0.500 > 0.4999',
    ]);
  });

  test('are held to the bounds that the execution was started with', () => {
    const results = gateResults([{ metric: 'roc_auc', atLeast: 0.6 }], evaluation, { GateRocAucAtLeast: '0.99' });
    expect(results).toMatchObject([{ threshold: 0.99, passed: false }]);
  });

  test('are not met by a metric that nobody measured', () => {
    expect(gateResults([{ metric: 'recall', atMost: 1 }], evaluation)).toMatchObject([
      { passed: false, value: Number.NaN },
    ]);
  });
});
