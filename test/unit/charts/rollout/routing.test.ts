import { namespace } from '../../../../charts/platform/namespace';
import { networkPolicy } from '../../../../charts/platform/network-policy';
import { gateway } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind, served } from '../served';

const rollout = { kind: 'canary', percent: 10, bakeMinutes: 5 } as const;
const istio: Case = { engine: ENGINE_SETTINGS['argo-rollouts with Istio'], rollout };
const subsets: Case = {
  ...istio,
  engine: { kind: 'argo-rollouts', traffic: { kind: 'istio', gateway, split: 'subsets' } },
};
const alb: Case = { engine: ENGINE_SETTINGS['argo-rollouts with ALB'], rollout };
const nginx: Case = { engine: ENGINE_SETTINGS['argo-rollouts with NGINX'], rollout };
const blueGreen = { rollout: { kind: 'blueGreen' } } as const;

const one = (choice: Case, kind: string) => ofKind(objectsOf(choice), kind)[0];
const canaryOf = (choice: Case) => at(one(choice, 'Rollout'), 'spec', 'strategy', 'canary');
const names = (choice: Case, kind: string) => ofKind(objectsOf(choice), kind).map(({ metadata }) => metadata?.name);

describe('Istio', () => {
  test('splits between two Services, starting with everything on the stable version', () => {
    expect(at(one(istio, 'VirtualService'), 'spec')).toEqual({
      gateways: ['gateways/public'],
      hosts: ['churn.models.example.com'],
      http: [
        {
          name: 'primary',
          match: [{ uri: { prefix: '/invocations' } }],
          timeout: '60s',
          route: [
            { destination: { host: 'churn', port: { number: 80 } }, weight: 100 },
            { destination: { host: 'churn-canary', port: { number: 80 } }, weight: 0 },
          ],
        },
      ],
    });
    expect(canaryOf(istio)).toMatchObject({
      stableService: 'churn',
      canaryService: 'churn-canary',
      trafficRouting: { istio: { virtualService: { name: 'churn', routes: ['primary'] } } },
    });
    expect(names(istio, 'DestinationRule')).toEqual([]);
  });

  test('splits between subsets of one Service, which no controller may narrow to one version', () => {
    const route = at(one(subsets, 'VirtualService'), 'spec', 'http', 0, 'route') as object[];
    expect(route.map((each) => [at(each, 'destination', 'host'), at(each, 'destination', 'subset')])).toEqual([
      ['churn', 'stable'],
      ['churn', 'canary'],
    ]);
    expect(canaryOf(subsets)).toMatchObject({
      trafficRouting: {
        istio: { destinationRule: { name: 'churn', stableSubsetName: 'stable', canarySubsetName: 'canary' } },
      },
    });
    expect(canaryOf(subsets)).not.toHaveProperty('stableService');
    expect(names(subsets, 'Service')).toEqual(['churn']);
    expect(at(one(subsets, 'DestinationRule'), 'spec', 'host')).toBe('churn');
  });

  test.each([istio, subsets])('needs nothing to split when all traffic moves at once', (choice) => {
    const objects = objectsOf({ ...choice, ...blueGreen });
    expect(at(ofKind(objects, 'VirtualService')[0], 'spec', 'http', 0, 'route')).toHaveLength(1);
    expect(ofKind(objects, 'DestinationRule')).toEqual([]);
    expect(at(ofKind(objects, 'Rollout')[0], 'spec', 'strategy')).not.toHaveProperty('canary');
    expect(ofKind(objects, 'Service')).toHaveLength(2);
  });

  test('copies requests to a shadow before it takes traffic, and then no more', () => {
    const shadow = { serving: { mode: 'shadow', samplePercent: 30, shadowInstances: 2 } } as const;
    const canary = canaryOf({ ...istio, model: shadow });
    const steps = at(canary, 'steps') as object[];
    expect(steps.slice(0, 6)).toEqual([
      { setCanaryScale: { replicas: 2 } },
      { setMirrorRoute: { name: 'mirror', percentage: 30, match: [{ path: { prefix: '/invocations' } }] } },
      { analysis: expect.anything() },
      { setMirrorRoute: { name: 'mirror' } },
      { setCanaryScale: { matchTrafficWeight: true } },
      { setWeight: 10 },
    ]);
    expect(at(canary, 'trafficRouting', 'managedRoutes')).toEqual([{ name: 'mirror' }]);
    expect(at(canaryOf(istio), 'trafficRouting')).not.toHaveProperty('managedRoutes');
  });

  test('keeps the copies until somebody promotes where steps take no time', () => {
    const model = { serving: { mode: 'shadow' } } as const;
    const steps = at(canaryOf({ ...istio, model, rollout: { kind: 'allAtOnce' } }), 'steps') as object[];
    expect(steps[2]).toEqual({ pause: {} });
    expect(steps.slice(5)).toEqual([{ setWeight: 100 }]);
  });
});

describe('an ALB', () => {
  test('begins with the annotation that the controller goes on to change', () => {
    const annotation = at(one(alb, 'Ingress'), 'metadata', 'annotations', 'alb.ingress.kubernetes.io/actions.churn');
    expect(JSON.parse(String(annotation))).toEqual({
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { ServiceName: 'churn-canary', ServicePort: '80', Weight: 0 },
          { ServiceName: 'churn', ServicePort: '80', Weight: 100 },
        ],
      },
    });
    expect(at(one(alb, 'Ingress'), 'spec', 'rules', 0, 'http', 'paths', 0)).toEqual({
      path: '/invocations',
      pathType: 'Prefix',
      backend: { service: { name: 'churn', port: { name: 'use-annotation' } } },
    });
    expect(canaryOf(alb)).toMatchObject({ trafficRouting: { alb: { ingress: 'churn', servicePort: 80 } } });
  });

  test('is private, and asks the path that says whether the model is loaded', () => {
    expect(at(one(alb, 'Ingress'), 'metadata', 'annotations')).toMatchObject({
      'alb.ingress.kubernetes.io/scheme': 'internal',
      'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/healthcheck-path': '/ping',
    });
    expect(at(one(alb, 'Ingress'), 'spec', 'ingressClassName')).toBe('alb');
  });

  test('serves HTTPS only, of TLS 1.2 and 1.3, by the certificate that the environment names', () => {
    const annotations = (choice: Case) => one(choice, 'Ingress')?.metadata?.annotations ?? {};
    const prefix = 'alb.ingress.kubernetes.io';
    expect(annotations(alb)).toMatchObject({
      [`${prefix}/listen-ports`]: '[{"HTTPS":443}]',
      [`${prefix}/ssl-policy`]: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    expect(annotations(alb)).not.toHaveProperty([`${prefix}/certificate-arn`]);
    const certificateArn = 'arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d';
    const { traffic } = ENGINE_SETTINGS['argo-rollouts with ALB'];
    const engine = { kind: 'argo-rollouts', traffic: { ...traffic, certificateArn } } as const;
    expect(annotations({ ...alb, engine })).toHaveProperty([`${prefix}/certificate-arn`], certificateArn);
  });

  test('needs no action when all traffic moves at once', () => {
    const ingress = one({ ...alb, ...blueGreen }, 'Ingress');
    expect(Object.keys(ingress?.metadata?.annotations ?? {}).join()).not.toContain('actions');
    expect(at(ingress, 'spec', 'rules', 0, 'http', 'paths', 0, 'backend')).toEqual({
      service: { name: 'churn', port: { number: 80 } },
    });
  });

  test('reaches the pods from its subnets, and holds an update up until it does', () => {
    expect(networkPolicy(served(alb)).spec?.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
      { ipBlock: { cidr: '10.0.1.0/24' } },
      { ipBlock: { cidr: '10.0.2.0/24' } },
    ]);
    const gate = 'elbv2.k8s.aws/pod-readiness-gate-inject';
    expect(namespace('dev', served(alb).plane.engine).metadata?.labels).toHaveProperty([gate], 'enabled');
    expect(namespace('dev', served(nginx).plane.engine).metadata?.labels).not.toHaveProperty([gate]);
  });
});

describe('ingress-nginx', () => {
  test('has the stable Ingress, from which the controller makes the second', () => {
    expect(at(one(nginx, 'Ingress'), 'spec')).toMatchObject({
      ingressClassName: 'nginx',
      rules: [{ host: 'churn.models.example.com', http: { paths: [{ backend: { service: { name: 'churn' } } }] } }],
    });
    expect(canaryOf(nginx)).toMatchObject({
      stableService: 'churn',
      canaryService: 'churn-canary',
      trafficRouting: { nginx: { stableIngress: 'churn' } },
    });
  });

  test('leaves it to the server how long and how large a request may be', () => {
    const choice: Case = { ...nginx, kubernetes: { longestRequestSeconds: 90 } };
    expect(at(one(choice, 'Ingress'), 'metadata', 'annotations')).toEqual({
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '90',
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
    });
  });

  test('takes the path of every server: as a Prefix its webhook refuses all but letters, digits, - _ and /', () => {
    const choice: Case = { ...nginx, kubernetes: { runtime: 'tensorflow-serving' } };
    const paths = at(one(choice, 'Ingress'), 'spec', 'rules', 0, 'http', 'paths');
    expect(paths).toContainEqual(
      expect.objectContaining({ path: '/v1/models/churn:predict', pathType: 'ImplementationSpecific' }),
    );
  });

  test('reaches the pods from its namespace', () => {
    expect(JSON.stringify(networkPolicy(served(nginx)).spec?.ingress)).toContain('"ingress-nginx"');
  });
});
