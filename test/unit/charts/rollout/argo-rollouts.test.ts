import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';

const engine = ENGINE_SETTINGS['argo-rollouts'];
const routed = ENGINE_SETTINGS['argo-rollouts with a gateway'];
const specOf = (choice: Case) => at(ofKind(objectsOf({ engine, ...choice }), 'Rollout')[0], 'spec');
const strategyOf = (choice: Case) => at(specOf(choice), 'strategy');
const metricsOf = (choice: Case) =>
  at(ofKind(objectsOf({ engine, ...choice }), 'AnalysisTemplate')[0], 'spec', 'metrics') as Record<string, unknown>[];
const none = { errorRatePercent: null, p99LatencyMs: null };

/** Steps in a word each. */
function stepsOf(choice: Case): string[] {
  const steps = at(strategyOf(choice), 'canary', 'steps') as Record<string, unknown>[];
  return steps.map((step) => {
    if ('analysis' in step) return 'analysis';
    return 'pause' in step ? `pause ${String(at(step, 'pause', 'duration'))}` : String(step.setWeight);
  });
}

describe('a Rollout', () => {
  test('takes the steps of the policy, and is judged at each', () => {
    expect(stepsOf({ rollout: { kind: 'canary', percent: 10 } })).toEqual(['10', 'analysis', '100', 'analysis']);
    expect(stepsOf({ rollout: { kind: 'linear', stepPercent: 50 } })).toEqual(['50', 'analysis', '100', 'analysis']);
  });

  test("leaves all pods behind the model's Service where nothing but their number splits traffic", () => {
    const canary = at(strategyOf({ rollout: { kind: 'canary' } }), 'canary');
    expect(canary).toMatchObject({ canaryService: 'churn-canary' });
    expect(canary).not.toHaveProperty('stableService');
    const split = at(strategyOf({ engine: routed, rollout: { kind: 'canary' } }), 'canary');
    expect(split).toMatchObject({ canaryService: 'churn-canary', stableService: 'churn' });
  });

  test('only waits where nothing is guarded, and never without end', () => {
    const rollout = { kind: 'canary', percent: 10, bakeMinutes: 7, guards: none } as const;
    expect(stepsOf({ rollout })).toEqual(['10', 'pause 7m', '100', 'pause 7m']);
    expect(stepsOf({ rollout: { ...rollout, bakeMinutes: 0 } })).toEqual(['10', '100']);
    expect(ofKind(objectsOf({ engine, rollout }), 'AnalysisTemplate')).toEqual([]);
  });

  test('moves all traffic at once, and keeps the old pods until the new ones are judged', () => {
    expect(strategyOf({ rollout: { kind: 'blueGreen', bakeMinutes: 5 } })).toMatchObject({
      blueGreen: {
        activeService: 'churn',
        previewService: 'churn-preview',
        autoPromotionEnabled: true,
        scaleDownDelaySeconds: 360,
        postPromotionAnalysis: { templates: [{ templateName: 'churn-guards' }] },
      },
    });
    expect(at(strategyOf({ rollout: { kind: 'allAtOnce' } }), 'blueGreen')).not.toHaveProperty('postPromotionAnalysis');
  });

  test('ends a version that never becomes ready, later than a slow model needs', () => {
    const slow = specOf({ rollout: { kind: 'canary' }, kubernetes: { loadSeconds: 600 } });
    expect(slow).toMatchObject({ progressDeadlineAbort: true, progressDeadlineSeconds: 2400 });
  });

  test('gives a version that has all traffic its bake besides, which the controller takes for no progress', () => {
    const deadline = (rollout: Case['rollout']) => at(specOf({ rollout }), 'progressDeadlineSeconds');
    expect(deadline({ kind: 'blueGreen', bakeMinutes: 60 })).toBe(630 + 3600);
    for (const kind of ['canary', 'linear', 'allAtOnce'] as const) expect(deadline({ kind })).toBe(630);
    expect(deadline({ kind: 'blueGreen', bakeMinutes: 60, guards: none })).toBe(630);
  });

  test('goes back to the last releases without steps', () => {
    expect(specOf({})).toMatchObject({ rollbackWindow: { revisions: 3 } });
    expect(specOf({ engine: { ...engine, rollbackReleases: 0 } })).not.toHaveProperty('rollbackWindow');
    expect(specOf({ engine: { ...engine, rollbackReleases: 9 } })).toMatchObject({ revisionHistoryLimit: 9 });
  });

  test('has no pod more with GPUs', () => {
    const canary = { rollout: { kind: 'canary' } } as const;
    expect(at(strategyOf(canary), 'canary')).toMatchObject({ maxSurge: 1, maxUnavailable: 0 });
    expect(at(strategyOf({ ...canary, kubernetes: { gpus: 1 } }), 'canary')).toMatchObject({
      maxSurge: 0,
      maxUnavailable: 1,
    });
  });

  test('splits by the Gateway where there is one, starting with everything on the stable version', () => {
    const choice = { engine: routed, rollout: { kind: 'canary' } } as const;
    expect(at(strategyOf(choice), 'canary', 'trafficRouting')).toEqual({
      plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'churn', namespace: 'dev' } },
    });
    const [route] = ofKind(objectsOf(choice), 'HTTPRoute');
    expect(at(route, 'spec', 'rules', 0, 'backendRefs')).toEqual([
      { name: 'churn', port: 80, weight: 100 },
      { name: 'churn-canary', port: 80, weight: 0 },
    ]);
    expect(at(strategyOf({ rollout: { kind: 'canary' } }), 'canary')).not.toHaveProperty('trafficRouting');
  });
});

describe('its analysis', () => {
  const rollout = { kind: 'canary', bakeMinutes: 5 } as const;

  test('looks at each guard once a minute for the whole step, at the new version only', () => {
    expect(metricsOf({ rollout })).toMatchObject([
      { name: 'errorRatePercent', interval: '1m', count: 5, failureLimit: 0 },
      { name: 'p99LatencyMs', successCondition: 'len(result) > 0 && result[0] <= 1000' },
    ]);
    for (const metric of metricsOf({ rollout })) {
      expect(at(metric, 'provider', 'prometheus', 'query')).toContain(
        'rollouts_pod_template_hash="{{args.release-hash}}"',
      );
    }
  });

  test('takes no data for neither good nor bad', () => {
    const [errors] = metricsOf({ rollout });
    expect(errors).toMatchObject({
      successCondition: 'len(result) > 0 && result[0] <= 1',
      failureCondition: 'len(result) > 0 && result[0] > 1',
      inconclusiveLimit: 4,
    });
    expect(at(errors, 'provider', 'prometheus', 'query')).toMatch(
      /\) and on\(\) \(sum\(increase\(.*\[1m\]\)\) >= 20\)$/,
    );
  });

  test('of a single minute is inconclusive as soon as that minute is', () => {
    expect(metricsOf({ rollout: { ...rollout, bakeMinutes: 1 } })).toMatchObject([{ inconclusiveLimit: 0 }, {}]);
  });

  test('goes back if a whole step had no data and the policy says so', () => {
    const metrics = metricsOf({ rollout: { ...rollout, whenInconclusive: 'rollBack' } });
    expect(metrics).toMatchObject([
      { inconclusiveLimit: 5 },
      { inconclusiveLimit: 5 },
      { name: 'judged', initialDelay: '5m', count: 1, failureCondition: 'len(result) == 0 || result[0] == 0' },
    ]);
    expect(metricsOf({ rollout }).map(({ name }) => name)).not.toContain('judged');
  });
});
