import { prometheusRule } from '../../../../charts/observability/prometheus-rule';
import { type Case, served } from '../served';

function rulesOf(choice: Case = {}) {
  return (prometheusRule(served(choice)).spec?.groups ?? []).flatMap(({ rules = [] }) => rules);
}
const alerts = (choice: Case, name: string) => rulesOf(choice).filter(({ alert }) => alert === name);
const guarded = (guards: object): Case => ({ rollout: { kind: 'blueGreen', guards } });

describe('the alerts of a model', () => {
  test('burn over two windows at four rates', () => {
    expect(alerts({}, 'ModelErrorsBurn').map(({ expr, labels }) => [expr, labels?.severity])).toEqual([
      [expect.stringMatching(/rate1h\{.*\} > 0\.144 and .*rate5m\{.*\} > 0\.144$/), 'page'],
      [expect.stringMatching(/rate6h\{.*\} > 0\.06 and .*rate30m\{.*\} > 0\.06$/), 'page'],
      [expect.stringMatching(/rate1d\{.*\} > 0\.03 and .*rate2h\{.*\} > 0\.03$/), 'ticket'],
      [expect.stringMatching(/rate3d\{.*\} > 0\.01 and .*rate6h\{.*\} > 0\.01$/), 'ticket'],
    ]);
  });

  test('record every series that they look at', () => {
    const recorded = rulesOf().flatMap(({ record }) => record ?? []);
    const read = alerts({}, 'ModelErrorsBurn').flatMap(
      ({ expr }) => String(expr).match(/mlops_model:[a-z_:0-9]+/g) ?? [],
    );
    expect(recorded).toEqual(expect.arrayContaining(read));
    expect(new Set(recorded)).toEqual(new Set(read));
  });

  test('follow the guard on errors, and leave out rates that nothing can reach', () => {
    expect(alerts(guarded({ errorRatePercent: null }), 'ModelErrorsBurn')[0]?.expr).toContain('> 0.144');
    expect(alerts(guarded({ errorRatePercent: 20 }), 'ModelErrorsBurn').map(({ labels }) => labels?.window)).toEqual([
      '1d',
      '3d',
    ]);
    expect(alerts(guarded({ errorRatePercent: 0 }), 'ModelErrorsBurn')[0]?.expr).toMatch(/> 0 and .* > 0$/);
  });

  test('page when there is no data, which is not well', () => {
    expect(alerts({}, 'ModelWithoutMetrics')).toMatchObject([
      {
        // Not of answers: a night without requests is well, and some servers have no series before the first one.
        expr: 'absent(up{namespace="dev", app_kubernetes_io_name="churn"} == 1)',
        for: '10m',
        labels: { severity: 'page' },
      },
    ]);
  });

  test('page for a candidate beyond a guard, while there is one', () => {
    expect(alerts({}, 'ModelCandidateRefused')).toEqual([]);
    const refused = alerts({ step: 1 }, 'ModelCandidateRefused');
    expect(refused.map(({ labels }) => labels?.guard)).toEqual(['errorRatePercent', 'p99LatencyMs']);
    // The comparison is about the value, and not about the number of requests behind `and`.
    expect(refused[0]?.expr).toMatch(/^\(\(.*\) and on\(\) \(.* >= 20\)\) > 1$/);
    expect(refused[0]?.expr).toContain('mlops_stack_release="');
  });
});
