import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { HelmRelease } from '@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2beta2';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { HelmRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1beta2';
import { Yaml } from 'cdk8s';
import { movedFields } from '../../../../charts/gitops/moved-fields';
import { installedPrograms, type Place } from '../../../../charts/gitops/program-settings';
import type { KubernetesObject } from '../../../../charts/kubernetes-object';
import { Cluster } from '../../../../config/cluster/cluster';
import { KubernetesPlane } from '../../../../config/kubernetes/settings';
import { eks } from '../../config/cluster/smallest';
import { type PlaneInput, plane } from '../../config/kubernetes/smallest';
import { at, ENGINE_SETTINGS, filesOf, objectsOf } from '../served';

const source = { repository: 'https://git.example.com/ml/manifests.git', path: 'manifests/dev' };
const argoCd = { kind: 'argo-cd', ...source } as const;
const flux = { kind: 'flux', ...source } as const;
const programs: PlaneInput['programs'] = {
  registry: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/charts',
  charts: {
    'kube-prometheus-stack': {
      version: '80.4.1',
      values: {
        global: { imageRegistry: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/quay' },
        prometheus: { prometheusSpec: { retention: '3d' } },
      },
    },
    'argo-rollouts': { version: '2.40.5' },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'gitops-'));
afterAll(() => rmSync(folder, { recursive: true }));

function load(text = ''): readonly KubernetesObject[] {
  const file = join(folder, 'objects.yaml');
  writeFileSync(file, text);
  return Yaml.load(file) as KubernetesObject[];
}

type Settings = (typeof ENGINE_SETTINGS)[keyof typeof ENGINE_SETTINGS];

function emitted(plane: Partial<PlaneInput>, engine: Settings = ENGINE_SETTINGS['argo-rollouts']) {
  const files = filesOf({ engine, plane });
  return {
    files,
    programs: load(files['_gitops/programs.yaml']),
    models: load(files['_gitops/models.yaml']),
  };
}

const MODELS = { Application, GitRepository, HelmRelease, HelmRepository, Kustomization } as const;
/** The packages of the schemas have the versions before; the fields that we set are the same in both. */
const SCHEMA_VERSION: Readonly<Record<string, string>> = {
  HelmRelease: 'helm.toolkit.fluxcd.io/v2beta2',
  HelmRepository: 'source.toolkit.fluxcd.io/v1beta2',
};

function validate(object: KubernetesObject): void {
  const Model = MODELS[object.kind as keyof typeof MODELS];
  new Model({ ...object, apiVersion: SCHEMA_VERSION[object.kind] ?? object.apiVersion } as never).validate();
}

describe('what a GitOps controller is told', () => {
  test.each([
    ['argo-cd', argoCd, 'argocd', ['Application', 'Application'], ['Application']],
    ['flux', flux, 'flux-system', ['HelmRepository', 'HelmRelease', 'HelmRelease'], ['GitRepository', 'Kustomization']],
  ] as const)('fits the schemas of %s, in its namespace', (_, delivery, namespace, ofPrograms, ofModels) => {
    const { programs: first, models } = emitted({ delivery, programs });
    expect(first.map(({ kind }) => kind)).toEqual(ofPrograms);
    expect(models.map(({ kind }) => kind)).toEqual(ofModels);
    for (const object of [...first, ...models]) {
      validate(object);
      expect(object.metadata?.namespace).toBe(namespace);
    }
  });

  test('would not fit with a field that nobody knows', () => {
    const [application] = emitted({ delivery: argoCd }).models;
    const spec = { ...(application as unknown as { spec: object }).spec, sources: 'many' };
    expect(() => validate({ ...application, spec } as never)).toThrow('sources');
  });

  test('is nothing by hand, and no programs where there are none', () => {
    expect(Object.keys(filesOf()).filter((file) => file.startsWith('_gitops'))).toEqual([]);
    expect(Object.keys(emitted({ delivery: argoCd }).files).filter((file) => file.startsWith('_gitops'))).toEqual([
      '_gitops/models.yaml',
    ]);
  });

  test('is not among what it applies', () => {
    expect(emitted({ delivery: flux, programs }).files['kustomization.yaml']).not.toContain('_gitops');
  });

  test('changes nothing in the manifests of the models', () => {
    const { files } = emitted({ delivery: flux, programs });
    const others = Object.entries(files).filter(([file]) => !file.startsWith('_gitops'));
    expect(Object.fromEntries(others)).toEqual(filesOf({ engine: ENGINE_SETTINGS['argo-rollouts'] }));
  });
});

describe('programs that need the kinds of another one', () => {
  const charts = { kserve: { version: '0.16.0' }, 'kserve-crd': { version: '0.16.0' }, keda: { version: '2.18.1' } };
  const needing = { ...programs, charts };

  test('come after it', () => {
    const chart = (object: KubernetesObject) => at(object, 'spec', 'source', 'chart');
    const applications = emitted({ delivery: argoCd, programs: needing }).programs;
    expect(applications.map(chart)).toEqual(['keda', 'kserve-crd', 'kserve']);
    const wave = (object?: KubernetesObject) =>
      Number(object?.metadata?.annotations?.['argocd.argoproj.io/sync-wave'] ?? Number.NaN);
    expect(wave(applications[1])).toBeLessThan(wave(applications[2]));
  });

  test('are not tried by Flux before it', () => {
    const [, keda, kinds, kserve] = emitted({ delivery: flux, programs: needing }).programs;
    expect(at(kserve, 'spec', 'dependsOn')).toEqual([{ name: kinds?.metadata?.name }]);
    expect([at(keda, 'spec', 'dependsOn'), at(kinds, 'spec', 'dependsOn')]).toEqual([undefined, undefined]);
    validate(kserve as KubernetesObject);
  });

  test('wait for nobody where somebody else installs it', () => {
    const elsewhere = { ...programs, charts: { kserve: charts.kserve }, elsewhere: ['kserve-crd' as const] };
    const [, kserve] = emitted({ delivery: flux, programs: elsewhere }).programs;
    expect(at(kserve, 'spec', 'dependsOn')).toBeUndefined();
  });
});

describe('the controller of load balancers', () => {
  const charts = { 'aws-load-balancer-controller': { version: '3.5.0', values: { replicaCount: 3 } } };
  const delivery = { kind: 'cdk' } as const;
  const valuesOf = (cluster?: Place['cluster']) => {
    const place = { cluster, region: 'eu-west-1' };
    const [program] = installedPrograms(
      'dev',
      place,
      KubernetesPlane.parse(plane({ delivery, programs: { ...programs, charts } })),
    );
    return program?.values;
  };
  const common = {
    clusterName: 'main',
    region: 'eu-west-1',
    serviceAccount: { name: 'aws-load-balancer-controller' },
    replicaCount: 3,
  };

  test('is told what it can’t ask its node, and does without what its role is not let do', () => {
    expect(valuesOf(Cluster.parse(eks()))).toEqual({
      ...common,
      vpcTags: { project: 'mlops', environment: 'dev' },
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      enableServiceMutatorWebhook: false,
    });
  });

  test('knows its VPC by itself in a cluster of somebody else', () => {
    expect(valuesOf()).toEqual(common);
  });
});

describe('Argo CD', () => {
  const { programs: first, models } = emitted({ delivery: argoCd, programs });

  test('reads the folder of the environment, and puts right what was changed by hand', () => {
    expect(models[0]).toMatchObject({
      metadata: { name: 'mlops-dev' },
      spec: {
        project: 'default',
        source: { repoURL: source.repository, targetRevision: 'main', path: source.path },
        destination: { namespace: 'dev' },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    });
  });

  test('installs programs from the registry, each at its version, before the models', () => {
    expect(first).toMatchObject([
      {
        metadata: { name: 'mlops-dev-argo-rollouts' },
        spec: {
          source: {
            repoURL: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/charts',
            chart: 'argo-rollouts',
            targetRevision: '2.40.5',
          },
          destination: { namespace: 'argo-rollouts' },
        },
      },
      { spec: { source: { targetRevision: '80.4.1' }, destination: { namespace: 'monitoring' } } },
    ]);
    const wave = (object?: KubernetesObject) =>
      Number(object?.metadata?.annotations?.['argocd.argoproj.io/sync-wave'] ?? Number.NaN);
    expect(wave(first[0])).toBeLessThan(wave(models[0]));
  });

  test('has Prometheus see the models, whatever else its values are', () => {
    expect(at(first[1], 'spec', 'source', 'helm', 'valuesObject')).toEqual({
      global: { imageRegistry: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/quay' },
      prometheus: {
        prometheusSpec: {
          retention: '3d',
          podMonitorSelectorNilUsesHelmValues: false,
          ruleSelectorNilUsesHelmValues: false,
        },
      },
    });
  });

  test('leaves alone what a canary moves, and applies it as little as it compares it', () => {
    const withGateway = emitted({ delivery: argoCd }, ENGINE_SETTINGS['argo-rollouts with a gateway']).models[0];
    expect(at(withGateway, 'spec', 'ignoreDifferences')).toEqual([
      { group: '', kind: 'Service', jqPathExpressions: ['.spec.selector["rollouts-pod-template-hash"]'] },
      {
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        jqPathExpressions: ['.spec.rules[].backendRefs[].weight'],
      },
    ]);
    expect(at(withGateway, 'spec', 'syncPolicy', 'syncOptions')).toContain('RespectIgnoreDifferences=true');
    const plain = emitted({ delivery: argoCd }, ENGINE_SETTINGS.plain).models[0];
    expect(at(plain, 'spec', 'ignoreDifferences')).toBeUndefined();
  });
});

describe('Flux', () => {
  const { programs: first, models } = emitted({ delivery: { ...flux, intervalMinutes: 7, branch: 'live' }, programs });

  test('reads the folder of the environment', () => {
    expect(models).toMatchObject([
      { metadata: { name: 'mlops-dev' }, spec: { url: source.repository, ref: { branch: 'live' }, interval: '7m' } },
      {
        spec: {
          path: './manifests/dev',
          prune: true,
          sourceRef: { kind: 'GitRepository', name: 'mlops-dev' },
          interval: '7m',
        },
      },
    ]);
  });

  test('installs programs from the registry, each at its version, with passwords of its own for ECR', () => {
    expect(first).toMatchObject([
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        spec: { type: 'oci', provider: 'aws', url: 'oci://111111111111.dkr.ecr.eu-west-1.amazonaws.com/charts' },
      },
      {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        spec: {
          targetNamespace: 'argo-rollouts',
          chart: { spec: { chart: 'argo-rollouts', version: '2.40.5', sourceRef: { name: 'mlops-dev-charts' } } },
        },
      },
      { spec: { targetNamespace: 'monitoring', chart: { spec: { version: '80.4.1' } } } },
    ]);
    const elsewhere = { ...programs, registry: 'registry.example.com/charts', charts: {} };
    const other = emitted({ delivery: flux, programs: { ...elsewhere, charts: { keda: { version: '2.18.1' } } } });
    expect(at(other.programs[0], 'spec', 'provider')).toBeUndefined();
  });

  test('makes a route once, where a canary moves its weights, and a Service that is of one version', () => {
    const kustomization = emitted({ delivery: flux }, ENGINE_SETTINGS['argo-rollouts with a gateway']).models[1];
    expect(at(kustomization, 'spec', 'patches')).toEqual([
      {
        patch: expect.stringMatching(/^apiVersion: v1\nkind: Service\n[^]*ssa: IfNotPresent\n$/) as string,
        target: { group: '', kind: 'Service' },
      },
      {
        patch: expect.stringContaining('kustomize.toolkit.fluxcd.io/ssa: IfNotPresent') as string,
        target: { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
      },
    ]);
    const plain = emitted({ delivery: flux }, ENGINE_SETTINGS.plain).models[1];
    expect(at(plain, 'spec', 'patches')).toBeUndefined();
  });
});

/** What Argo Rollouts makes of an object while a canary has a tenth of the traffic. */
function inMidCanary(text: string): string {
  return text
    .replaceAll('"weight":100', '"weight":90')
    .replaceAll('"weight":0', '"weight":10')
    .replaceAll('Weight\\":100', 'Weight\\":90')
    .replaceAll('"selector":{', '"selector":{"rollouts-pod-template-hash":"abc",')
    .replaceAll('"labels":{"app.kubernetes.io/name":"churn"}}', '"labels":{"rollouts-pod-template-hash":"abc"}}');
}

describe('the fields that a controller moves', () => {
  const moving = Object.entries(ENGINE_SETTINGS).filter(([, engine]) => movedFields(engine as never).length > 0);
  const subsets = {
    ...ENGINE_SETTINGS['argo-rollouts with Istio'],
    traffic: { ...ENGINE_SETTINGS['argo-rollouts with Istio'].traffic, split: 'subsets' as const },
  };

  test.each([...moving, ['argo-rollouts with subsets of Istio', subsets]] as const)(
    'are in the manifests of %s',
    (_, engine) => {
      const text = Object.values(filesOf({ engine, rollout: { kind: 'canary', percent: 10 } })).join('---\n');
      for (const { kind } of movedFields(engine as never)) expect(text).toContain(`kind: ${kind}\n`);
    },
  );

  test('are the route that copies requests, too', () => {
    const [, routes] = movedFields(subsets as never);
    const shadow = { mode: 'shadow', shadowInstances: 1 } as const;
    const choice = { engine: subsets, rollout: { kind: 'canary', percent: 10 }, model: { serving: shadow } } as const;
    const [name] = /(?<=managedRoutes:\n +- name: )\S+/.exec(filesOf(choice)['churn/rollout.yaml'] ?? '') ?? [];
    expect(routes?.path).toBe(`.spec.http[].route[].weight, (.spec.http[] | select(.name == "${name}"))`);
  });

  test('are the version of each Service, and what else splits traffic but NGINX, whose Ingress is the controller’s own', () => {
    expect(moving.map(([name, engine]) => [name, movedFields(engine as never).map(({ kind }) => kind)])).toEqual([
      ['argo-rollouts', ['Service']],
      ['argo-rollouts with a gateway', ['Service', 'HTTPRoute']],
      ['argo-rollouts with Istio', ['Service', 'VirtualService']],
      ['argo-rollouts with ALB', ['Service', 'Ingress']],
      ['argo-rollouts with NGINX', ['Service']],
    ]);
  });

  test.each([...moving, ['argo-rollouts with subsets of Istio', subsets]] as const)(
    'can be taken out of the objects of %s, and nothing else with them',
    (_, engine) => {
      const objects = Object.values(objectsOf({ engine, rollout: { kind: 'canary', percent: 10 } })).flat();
      for (const { kind, takeOut } of movedFields(engine as never)) {
        const object = objects.find((each) => each.kind === kind);
        const [manifest, midway] = [structuredClone(object), JSON.parse(inMidCanary(JSON.stringify(object)))];
        expect(midway).not.toEqual(manifest);
        takeOut(manifest);
        takeOut(midway);
        expect(midway).toEqual(manifest);
        const touched = { ...midway, spec: { ...midway.spec, other: 1 } };
        takeOut(touched);
        expect(touched).not.toEqual(manifest);
      }
    },
  );
});
