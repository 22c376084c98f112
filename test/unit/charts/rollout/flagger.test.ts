import { podMonitor } from '../../../../charts/observability/pod-monitor';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind, served } from '../served';

const engine = ENGINE_SETTINGS['flagger with a gateway'];
const istio = ENGINE_SETTINGS['flagger with Istio'];
const canaryOf = (choice: Case) => at(ofKind(objectsOf({ engine, ...choice }), 'Canary')[0], 'spec');
const analysisOf = (choice: Case) => at(canaryOf(choice), 'analysis');
const templatesOf = (choice: Case) => ofKind(objectsOf({ engine, ...choice }), 'MetricTemplate');
const none = { errorRatePercent: null, p99LatencyMs: null };

describe('a Canary of Flagger', () => {
  test.each([
    [{ kind: 'canary', percent: 10, bakeMinutes: 7 }, [10, 100], '7m'],
    [{ kind: 'linear', stepPercent: 40, stepMinutes: 3 }, [40, 80, 100], '3m'],
    [{ kind: 'blueGreen', bakeMinutes: 5 }, [100], '5m'],
    [{ kind: 'canary', percent: 50, bakeMinutes: 0, guards: none }, [50, 100], '10s'],
  ] as const)('takes the steps of %p', (rollout, stepWeights, interval) => {
    expect(analysisOf({ rollout })).toMatchObject({ stepWeights, interval, threshold: 1 });
  });

  test('promotes at once where nothing is to be judged', () => {
    expect(canaryOf({ rollout: { kind: 'allAtOnce' } })).toMatchObject({ skipAnalysis: true });
    expect(canaryOf({})).not.toHaveProperty('skipAnalysis');
  });

  test('attaches to a Gateway of the Gateway API', () => {
    expect(canaryOf({})).toMatchObject({
      provider: 'gatewayapi:v1',
      service: {
        gatewayRefs: [{ name: 'public', namespace: 'gateways' }],
        hosts: ['churn.models.example.com'],
        match: [{ uri: { prefix: '/invocations' } }],
        timeout: '60s',
      },
    });
    const gateway = { ...engine.traffic.gateway, listener: 'https' };
    const listening = canaryOf({ engine: { kind: 'flagger', traffic: { kind: 'gateway-api', gateway } } });
    expect(listening).toMatchObject({ service: { gatewayRefs: [{ sectionName: 'https' }] } });
  });

  test('attaches to a Gateway of Istio, and mirrors there', () => {
    expect(canaryOf({ engine: istio })).toMatchObject({
      provider: 'istio',
      service: { gateways: ['gateways/public'] },
    });
    const model = { serving: { mode: 'shadow', samplePercent: 30 } } as const;
    expect(analysisOf({ engine: istio, model })).toMatchObject({ mirror: true, mirrorWeight: 30 });
    expect(analysisOf({ engine: istio })).not.toHaveProperty('mirror');
  });

  test('gives a slow model the time that it needs', () => {
    expect(canaryOf({ kubernetes: { loadSeconds: 600 } })).toMatchObject({ progressDeadlineSeconds: 2400 });
  });

  test('brings its Services and its route along', () => {
    const kinds = Object.values(objectsOf({ engine }))
      .flat()
      .map(({ kind }) => kind);
    expect(kinds).not.toContain('Service');
    expect(kinds).not.toContain('HTTPRoute');
  });

  test('tells versions apart by a label that nothing else selects by', () => {
    const [deployment] = ofKind(objectsOf({ engine }), 'Deployment');
    expect(at(deployment, 'spec', 'selector')).toEqual({ matchLabels: { app: 'churn' } });
    expect(at(deployment, 'spec', 'template', 'metadata', 'labels')).toMatchObject({
      app: 'churn',
      'app.kubernetes.io/name': 'churn',
    });
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy', 'PodMonitor']) {
      const [object] = ofKind(objectsOf({ engine }), kind);
      const selector = at(object, 'spec', 'selector') ?? at(object, 'spec', 'podSelector');
      expect(selector).toEqual({ matchLabels: { 'app.kubernetes.io/name': 'churn' } });
    }
    expect(podMonitor(served({ engine })).spec?.podTargetLabels).toContain('app');
    expect(podMonitor(served()).spec?.podTargetLabels).not.toContain('app');
  });

  test('scales what serves by the same query, under the name of the trigger', () => {
    const choice: Case = { engine, plane: { autoscaler: 'keda' } };
    const [scaled] = ofKind(objectsOf(choice), 'ScaledObject');
    const trigger = at(scaled, 'spec', 'triggers', 0);
    expect(at(canaryOf(choice), 'autoscalerRef')).toEqual({
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      name: 'churn',
      primaryScalerQueries: { [String(at(trigger, 'name'))]: at(trigger, 'metadata', 'query') },
    });
    expect(at(canaryOf({}), 'autoscalerRef', 'kind')).toBe('HorizontalPodAutoscaler');
  });
});

describe('its guards', () => {
  const rollout = { kind: 'canary', bakeMinutes: 5 } as const;

  test('look at all of a step, every 15 seconds, at the new version only, and at minutes with enough requests', () => {
    expect(templatesOf({ rollout }).map(({ metadata }) => metadata?.name)).toEqual([
      'churn-error-rate-percent',
      'churn-p99-latency-ms',
    ]);
    for (const template of templatesOf({ rollout })) {
      expect(at(template, 'spec', 'query')).toMatch(
        /^max_over_time\(\(\(.*app="churn".*\) and on\(\) \(sum\(increase\(.*app="churn".*\[1m\]\)\) >= 20\)\)\[5m:15s\]\)$/,
      );
    }
  });

  test('have the limits of the policy', () => {
    expect(at(analysisOf({ rollout: { ...rollout, guards: { errorRatePercent: 2 } } }), 'metrics')).toEqual([
      {
        name: 'errorRatePercent',
        interval: '5m',
        templateRef: { name: 'churn-error-rate-percent' },
        thresholdRange: { max: 2 },
      },
      expect.objectContaining({ name: 'p99LatencyMs', thresholdRange: { max: 1000 } }),
    ]);
  });

  test.each([
    { kind: 'canary', guards: none },
    { kind: 'canary', bakeMinutes: 0, guards: none },
    { kind: 'allAtOnce' },
  ] as const)('are none for %p', (unguarded) => {
    expect(templatesOf({ rollout: unguarded })).toEqual([]);
    expect(analysisOf({ rollout: unguarded })).toMatchObject({ metrics: [] });
  });
});
