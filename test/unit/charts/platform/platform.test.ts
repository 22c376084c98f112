import { autoscaler } from '../../../../charts/platform/autoscaler';
import { networkPolicy } from '../../../../charts/platform/network-policy';
import { eks } from '../../config/cluster/smallest';
import { image, release } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind, served } from '../served';

const workload = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'churn' };
const scaled = (choice: Case, bounds?: { min: number; max: number }) => autoscaler(served(choice), workload, bounds);
const archive = { kind: 'download', url: 's3://models/churn/model.tar.gz', sha256: 'c'.repeat(64) } as const;

describe('the autoscaler', () => {
  test('by processor time keeps to the replicas, and comes down slowly', () => {
    expect(scaled({})).toMatchObject({
      kind: 'HorizontalPodAutoscaler',
      spec: {
        scaleTargetRef: workload,
        minReplicas: 10,
        maxReplicas: 20,
        metrics: [{ containerResource: { name: 'cpu', container: 'server', target: { averageUtilization: 70 } } }],
        behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 300 } },
      },
    });
    expect(at(scaled({}, { min: 3, max: 3 }), 'spec')).toMatchObject({ minReplicas: 3, maxReplicas: 3 });
  });

  test("by requests gives each pod what the model's autoscaling says", () => {
    const keda = scaled({ plane: { autoscaler: 'keda' }, model: { invocationsPerInstancePerMinute: 150 } });
    expect(keda).toMatchObject({
      kind: 'ScaledObject',
      spec: {
        minReplicaCount: 10,
        maxReplicaCount: 20,
        triggers: [{ metadata: { threshold: '2.5', serverAddress: 'http://prometheus.monitoring:9090' } }],
      },
    });
  });

  test('takes a Prometheus that is gone for a high load', () => {
    const keda = scaled({ plane: { autoscaler: 'keda' } });
    expect(at(keda, 'spec', 'fallback')).toEqual({ failureThreshold: 3, replicas: 15 });
    expect(at(keda, 'spec', 'triggers', 0, 'metadata', 'ignoreNullValues')).toBe('false');
  });

  test.each(Object.values(ENGINE_SETTINGS))('alone says how many pods there are, with $kind', (engine) => {
    const objects = objectsOf({ engine });
    for (const object of [...ofKind(objects, 'Deployment'), ...ofKind(objects, 'Rollout')]) {
      expect(at(object, 'spec')).not.toHaveProperty('replicas');
    }
  });
});

describe("a model's network policy", () => {
  const policy = (choice: Case) => networkPolicy(served(choice)).spec;
  const callers = (choice: Case) =>
    policy(choice)?.ingress?.[0]?.from?.map(({ namespaceSelector }) =>
      at(namespaceSelector, 'matchLabels', 'kubernetes.io/metadata.name'),
    );

  test('lets Prometheus, the Gateway and the named callers in, on the port of the server', () => {
    expect(callers({})).toEqual(['monitoring']);
    expect(callers({ engine: ENGINE_SETTINGS['gateway-api'], plane: { callerNamespaces: ['shop'] } })).toEqual([
      'shop',
      'gateways',
      'monitoring',
    ]);
    expect(policy({})?.ingress?.[0]?.ports).toEqual([{ protocol: 'TCP', port: 8080 }]);
    expect(policy({ kubernetes: { runtime: 'onnx', grpc: true } })?.ingress?.[0]?.ports).toEqual([
      { protocol: 'TCP', port: 8080 },
      { protocol: 'TCP', port: 8081 },
    ]);
  });

  test('lets names be looked up and nothing else, if nothing is downloaded', () => {
    expect(policy({})?.egress).toHaveLength(1);
    expect(policy({})?.egress?.[0]?.ports).toEqual([
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]);
  });

  test.each([
    ['pods of kube-system and the cache of a node, if nothing is said', {}, ['kube-system'], ['169.254.20.10/32']],
    [
      'whoever the environment names instead',
      { plane: { dns: { namespaces: ['dns', 'kube-system'], cidrs: ['10.96.0.10/32', 'fd00::a/128'] } } },
      ['dns', 'kube-system'],
      ['10.96.0.10/32', 'fd00::a/128'],
    ],
    ['addresses alone', { plane: { dns: { namespaces: [], cidrs: ['10.96.0.10/32'] } } }, [], ['10.96.0.10/32']],
    ['pods alone', { plane: { dns: { cidrs: [] } } }, ['kube-system'], []],
    [
      'nodes themselves on Auto Mode, in either range that EKS has for Services',
      { cluster: eks() },
      ['kube-system'],
      ['169.254.20.10/32', '10.100.0.10/32', '172.20.0.10/32'],
    ],
  ] as const satisfies readonly (readonly [string, Case, readonly string[], readonly string[]])[])(
    'asks for names: %s',
    (_, choice, namespaces, cidrs) => {
      expect(policy(choice)?.egress?.[0]?.to).toEqual([
        ...namespaces.map((name) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } })),
        ...cidrs.map((cidr) => ({ ipBlock: { cidr } })),
      ]);
    },
  );

  test('opens where artefacts are, and Pod Identity, for a download', () => {
    const download = { image: image('aws-cli'), cidrs: ['10.1.0.0/16', '10.2.0.0/16'] };
    const releases = { churn: { stable: { ...release(), artefact: archive } } };
    expect(policy({ plane: { download, releases } })?.egress?.slice(1)).toEqual([
      {
        to: [{ ipBlock: { cidr: '10.1.0.0/16' } }, { ipBlock: { cidr: '10.2.0.0/16' } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      },
      { to: [{ ipBlock: { cidr: '169.254.170.23/32' } }], ports: [{ protocol: 'TCP', port: 80 }] },
    ]);
  });
});

test('a drain takes one pod at a time, and pods that never became ready at once', () => {
  expect(at(ofKind(objectsOf(), 'PodDisruptionBudget')[0], 'spec')).toEqual({
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: { 'app.kubernetes.io/name': 'churn' } },
  });
});
