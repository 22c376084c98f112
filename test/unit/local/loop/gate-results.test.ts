import { Evaluation } from '../../../../core/evaluation';
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

  test.each([
    [
      { difference: 0.01, low: 0.004, beaten: 1 as const },
      true,
      'roc_auc 0.700 ≥ 0.6, beats the champion by 0.0040 at least (95 %)',
    ],
    [
      { difference: 0.01, low: -0.004, beaten: 0 as const },
      false,
      'roc_auc 0.700 ≥ 0.6, does not beat the champion by more than 0: -0.0040 at least (95 %)',
    ],
    [{ difference: null, low: null, beaten: 1 as const }, true, 'roc_auc 0.700 ≥ 0.6, no champion to beat yet'],
  ])('against the champion with %j pass: %p', (measured, passed, text) => {
    const champion = { model_sha256: null, challenges: { roc_auc: { confidence: 0.95, margin: 0, ...measured } } };
    const gate = { metric: 'roc_auc', atLeast: 0.6, beatsChampion: { confidence: 0.95, margin: 0 } };
    const [result] = gateResults([gate], Evaluation.parse({ ...evaluation, champion }));
    expect(result?.passed).toBe(passed);
    expect(result && describeGate(result)).toBe(text);
  });

  test('against the champion are not met where nobody compared', () => {
    const gate = { metric: 'roc_auc', atLeast: 0.6, beatsChampion: { confidence: 0.95, margin: 0 } };
    const [result] = gateResults([gate], evaluation);
    expect(result).toMatchObject({ passed: false });
    expect(result && describeGate(result)).toBe('roc_auc 0.700 ≥ 0.6, not compared with the champion');
  });
});
