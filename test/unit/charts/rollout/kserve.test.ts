import { podMonitor } from '../../../../charts/observability/pod-monitor';
import { networkPolicy } from '../../../../charts/platform/network-policy';
import { releaseId } from '../../../../charts/served-model';
import { RUNTIMES } from '../../../../charts/server/runtimes';
import { WITH_METRICS_PORT } from '../../../../config/kubernetes/runtimes';
import { legalRelease } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind, served } from '../served';

const engine = ENGINE_SETTINGS.kserve;
const standard = ENGINE_SETTINGS['kserve without Knative'];
const canary = { kind: 'canary', percent: 10 } as const;
const serviceOf = (choice: Case) => ofKind(objectsOf({ engine, ...choice }), 'InferenceService')[0];
const predictorOf = (choice: Case) => at(serviceOf(choice), 'spec', 'predictor');
const containerOf = (choice: Case) => at(predictorOf(choice), 'containers', 0);

describe('an InferenceService of KServe', () => {
  test('gives everything to the only release', () => {
    expect(predictorOf({})).not.toHaveProperty('canaryTrafficPercent');
    expect(serviceOf({})?.metadata?.annotations).toMatchObject({ 'serving.kserve.io/deploymentMode': 'Knative' });
  });

  test('names the autoscaler that knows processor time, which on Knative is not the default', () => {
    expect(predictorOf({})).toMatchObject({ scaleMetric: 'cpu' });
    expect(serviceOf({})?.metadata?.annotations).toMatchObject({
      'autoscaling.knative.dev/class': 'hpa.autoscaling.knative.dev',
    });
    expect(serviceOf({ engine: standard })?.metadata?.annotations).toEqual({
      'serving.kserve.io/deploymentMode': 'Standard',
    });
  });

  test.each([
    [0, 0],
    [1, 10],
    [2, 100],
  ])('has the candidate and its share at step %d', (step, percent) => {
    const candidate = served({ engine, rollout: canary, step }).candidate;
    expect(predictorOf({ rollout: canary, step })).toMatchObject({
      canaryTrafficPercent: percent,
      labels: { 'mlops-stack/release': candidate && releaseId(candidate) },
    });
  });

  test('becomes stable without a new revision', () => {
    const releases = { churn: { stable: legalRelease(engine, 'b') } };
    const { canaryTrafficPercent: _, ...before } = predictorOf({ rollout: canary, step: 2 }) as Record<string, unknown>;
    expect(predictorOf({ rollout: canary, plane: { releases } })).toEqual(before);
  });

  test('keeps to the replicas, and scales on processor time', () => {
    expect(predictorOf({ kubernetes: { cpuTargetPercent: 55 } })).toMatchObject({
      minReplicas: 10,
      maxReplicas: 20,
      scaleMetric: 'cpu',
      scaleTarget: 55,
      timeout: 60,
    });
    expect(ofKind(objectsOf({ engine }), 'HorizontalPodAutoscaler')).toEqual([]);
  });

  test('downloads the model and checks it, which KServe itself does not', () => {
    expect(predictorOf({})).toMatchObject({ initContainers: [{ name: 'fetch-model' }] });
  });

  test.each([
    ['on Knative', engine],
    ['without', standard],
  ])('has other pods %s when the files of its server change', (_, of) => {
    const predictor = predictorOf({
      engine: of,
      kubernetes: { runtime: 'tensorflow-serving' },
      rollout: { kind: 'allAtOnce' },
    });
    expect(at(predictor, 'annotations', 'mlops-stack/server-config')).toMatch(/^[0-9a-f]{8}$/);
    expect(predictorOf({})).not.toHaveProperty('annotations');
  });

  test('leaves out on Knative what Knative refuses', () => {
    expect(containerOf({})).toMatchObject({
      name: 'kserve-container',
      ports: [{ containerPort: 8080, protocol: 'TCP' }],
      startupProbe: { httpGet: { path: '/ping', port: 8080 } },
      readinessProbe: { httpGet: { port: 8080 } },
      livenessProbe: { httpGet: { port: 8080 } },
    });
    expect(containerOf({})).not.toHaveProperty('lifecycle');
    expect(predictorOf({})).not.toHaveProperty('terminationGracePeriodSeconds');
    expect(predictorOf({})).toMatchObject({ securityContext: { runAsNonRoot: true, fsGroup: 10_001 } });
    expect(predictorOf({})).not.toHaveProperty('securityContext.fsGroupChangePolicy');
    expect(predictorOf({ engine: standard })).toHaveProperty('securityContext.fsGroupChangePolicy');
  });

  test('lets the proxy of Knative be called, and the server itself by Prometheus only', () => {
    const [policy] = ofKind(objectsOf({ engine }), 'NetworkPolicy').filter(
      ({ metadata }) => metadata?.name === 'churn-queue-proxy',
    );
    expect(JSON.stringify(at(policy, 'spec', 'ingress', 0, 'from'))).toContain('kourier-system');
    expect(JSON.stringify(networkPolicy(served({ engine })).spec?.ingress)).not.toContain('kourier-system');
  });
});

test('the port that Knative gives a server is scraped', () => {
  expect(podMonitor(served({ engine })).spec?.podMetricsEndpoints).toMatchObject([{ port: 'user-port' }]);
  expect(podMonitor(served({ engine: standard })).spec?.podMetricsEndpoints).toMatchObject([{ port: 'http' }]);
});

test('Knative has no second port, so servers with one are refused there', () => {
  const withPort = Object.entries(RUNTIMES).filter(([, { ports }]) => ports.metrics !== undefined);
  expect(withPort.map(([name]) => name)).toEqual([...WITH_METRICS_PORT]);
  const kubernetes = { runtime: 'mlserver' } as const;
  expect(() => objectsOf({ engine, kubernetes })).toThrow('Knative opens one port of a pod, got the runtime mlserver');
  expect(objectsOf({ engine: standard, kubernetes })).toBeDefined();
});

describe('an InferenceService without Knative', () => {
  test('is a Deployment that replaces its pods, and drains them', () => {
    expect(predictorOf({ engine: standard })).toMatchObject({
      deploymentStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      terminationGracePeriodSeconds: 80,
    });
    expect(containerOf({ engine: standard })).toHaveProperty('lifecycle');
    expect(JSON.stringify(networkPolicy(served({ engine: standard })).spec?.ingress)).toContain('kourier-system');
  });
});
