import { releaseId } from '../../../../charts/served-model';
import { legalRelease } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';
import { validate } from '../validate';

const engine = ENGINE_SETTINGS['seldon-2'];
const canary = { kind: 'canary', percent: 10 } as const;
const blue = `churn-${releaseId(legalRelease(engine))}`;
const green = `churn-${releaseId(legalRelease(engine, 'b'))}`;
const all = (choice: Case) => objectsOf({ engine, ...choice });
const experiment = (choice: Case) => at(ofKind(all(choice), 'Experiment')[0], 'spec');
const serverSpec = (choice: Case = {}) => at(ofKind(all(choice), 'Server')[0], 'spec');
const container = (name: string, choice: Case = {}) =>
  (at(serverSpec(choice), 'podSpec', 'containers') as { name: string }[]).find((it) => it.name === name);

describe('an Experiment of Seldon Core 2', () => {
  test('is there with one release too, so that callers never change the name that they ask', () => {
    expect(ofKind(all({}), 'Experiment')[0]?.metadata?.name).toBe('churn');
    expect(experiment({})).toEqual({ default: blue, candidates: [{ name: blue, weight: 100 }] });
  });

  test.each([
    [0, 0],
    [1, 10],
    [2, 100],
  ])('has the shares of step %d', (step, percent) => {
    expect(experiment({ rollout: canary, step })).toEqual({
      default: blue,
      candidates: [
        { name: blue, weight: 100 - percent },
        { name: green, weight: percent },
      ],
    });
  });

  test('copies a share of the requests to a shadow, which answers none, until it has a step', () => {
    const model = { serving: { mode: 'shadow', samplePercent: 30 } } as const;
    expect(experiment({ rollout: canary, step: 0, model })).toEqual({
      default: blue,
      candidates: [{ name: blue, weight: 100 }],
      mirror: { name: green, percent: 30 },
    });
    expect(experiment({ rollout: canary, step: 1, model })).not.toHaveProperty('mirror');
  });
});

describe('a Server of Seldon Core 2', () => {
  test('takes one Model, which asks for it by a name that no other server offers', () => {
    const objects = all({ rollout: canary, step: 1 });
    for (const name of [blue, green]) {
      const isIt = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name === name;
      expect(at(ofKind(objects, 'Server').find(isIt), 'spec')).toMatchObject({ capabilities: [name], replicas: 20 });
      expect(at(ofKind(objects, 'Model').find(isIt), 'spec')).toEqual({
        storageUri: '/mnt/model',
        requirements: [name],
        replicas: 20,
      });
    }
  });

  test.each(['mlserver', 'triton'] as const)(
    'lays the image of the release over the %s of its ServerConfig',
    (runtime) => {
      const choice: Case = { kubernetes: { runtime }, plane: { unwatchedGuards: ['p99LatencyMs'] } };
      expect(serverSpec(choice)).toMatchObject({ serverConfig: runtime });
      expect(container(runtime, choice)).toMatchObject({ image: legalRelease(engine).image });
    },
  );

  test('loads what was downloaded and checked, and no container but the download may write to it', () => {
    expect(at(serverSpec(), 'podSpec', 'initContainers', 0)).toMatchObject({
      name: 'fetch-model',
      env: expect.arrayContaining([{ name: 'MODEL_PATH', value: '/mnt/model' }]),
    });
    expect(container('rclone')).toMatchObject({
      volumeMounts: [{ name: 'model', mountPath: '/mnt/model', readOnly: true }],
    });
  });

  test('keeps the account that its agent reads the API by', () => {
    expect(at(serverSpec(), 'podSpec')).not.toHaveProperty('serviceAccountName');
    expect(at(serverSpec(), 'podSpec')).not.toHaveProperty('automountServiceAccountToken');
  });

  test.each(['rclone', 'agent', 'mlserver'])('has its container %s fit the restricted Pod Security', (name) => {
    expect(container(name)).toMatchObject({
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    });
  });

  test('has pods that policies, budgets and monitors find, though Seldon gives them a name of its own', () => {
    const objects = all({});
    const label = { 'app.kubernetes.io/instance': 'churn' };
    expect(ofKind(objects, 'Server')[0]?.metadata?.labels).toMatchObject(label);
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy', 'PodMonitor']) {
      for (const object of ofKind(objects, kind)) {
        const selector = at(object, 'spec', 'selector') ?? at(object, 'spec', 'podSelector');
        expect(selector).toEqual({ matchLabels: label });
      }
    }
    expect(at(ofKind(objects, 'PodMonitor')[0], 'spec')).toMatchObject({
      podTargetLabels: expect.arrayContaining(['app.kubernetes.io/instance']),
      podMetricsEndpoints: [{ port: 'server-metrics' }],
    });
    expect(JSON.stringify(ofKind(objects, 'PrometheusRule'))).toContain('app_kubernetes_io_instance=\\"churn\\"');
    expect(JSON.stringify(ofKind(objects, 'PrometheusRule'))).not.toContain('app_kubernetes_io_name');
  });

  test('may be called by Seldon, and call its scheduler and the API', () => {
    const [policy] = all({})['agent.yaml'] ?? [];
    expect(at(policy, 'spec')).toMatchObject({
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 9001 }, { port: 9501 }] }],
      egress: [
        { to: [{ podSelector: {} }], ports: [{ port: 9005 }, { port: 9055 }] },
        { to: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: 443 }] },
      ],
    });
  });
});

test('a mistake in a resource of Seldon Core 2 is refused', () => {
  const [split] = ofKind(all({ rollout: canary, step: 1 }), 'Experiment');
  expect(() => validate(withoutLabels(split))).not.toThrow();
  expect(() => validate({ ...withoutLabels(split), spec: { default: 'x', candidates: [] } } as never)).toThrow(
    'candidates',
  );
  const spec = { ...(at(split, 'spec') as object), default: 'another' };
  expect(() => validate({ ...withoutLabels(split), spec } as never)).toThrow('the default is a candidate');
});

function withoutLabels(object: { kind: string; metadata?: object } | undefined) {
  const { metadata, ...rest } = object ?? { kind: '' };
  const { labels: _, ...kept } = (metadata ?? {}) as { labels?: unknown };
  return { ...rest, metadata: kept };
}
