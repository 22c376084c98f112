import type { EnvironmentInput } from '../../../../config/environment-spec';
import { neededPrograms, type Program } from '../../../../config/kubernetes/programs';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { eks } from '../cluster/smallest';
import { environment } from '../smallest';
import { gateway, kubernetesModel, type PlaneInput, plane } from './smallest';

const models = defineModels({ churn: kubernetesModel() });
const repository = 'https://git.example.com/ml/manifests.git';
const argoCd = { kind: 'argo-cd', repository, path: 'manifests/dev' } as const;
const flux = { kind: 'flux', repository, path: 'manifests/dev' } as const;
const chart = { version: '1.2.3' };
const programs = (...names: Program[]) => ({
  registry: 'registry.example.com/charts',
  charts: Object.fromEntries(names.map((name) => [name, chart])),
});

function parse(overrides: Partial<PlaneInput>, cluster?: EnvironmentInput['cluster']) {
  const dev = environment(['churn'], { planes: ['kubernetes'], kubernetes: plane(overrides), cluster });
  return defineEnvironments(models, { dev }).dev.kubernetes;
}

describe('the delivery of manifests', () => {
  test('has the documented defaults', () => {
    expect(parse({})?.delivery).toEqual({ kind: 'byHand' });
    expect(parse({})).not.toHaveProperty('programs');
    expect(parse({ delivery: argoCd })?.delivery).toEqual({
      ...argoCd,
      branch: 'main',
      namespace: 'argocd',
      project: 'default',
    });
    expect(parse({ delivery: flux })?.delivery).toEqual({
      ...flux,
      branch: 'main',
      namespace: 'flux-system',
      intervalMinutes: 5,
    });
    expect(parse({ delivery: argoCd, programs: programs('keda') })?.programs).toEqual({
      ...programs('keda'),
      charts: { keda: { version: '1.2.3', values: {} } },
      elsewhere: [],
    });
  });

  test.each([
    ['a repository that is a folder', { ...argoCd, repository: './manifests' }, 'a repository looks like'],
    ['a path from the root', { ...argoCd, path: '/manifests' }, 'a path begins at the root of the repository'],
    ['a path to above', { ...argoCd, path: '../manifests' }, 'a path begins at the root of the repository'],
    ['a path with a step up', { ...argoCd, path: 'manifests/..' }, 'a path begins at the root of the repository'],
    ['a branch with a space', { ...argoCd, branch: 'a b' }, 'a branch is'],
    ['no interval', { ...flux, intervalMinutes: 0 }, 'intervalMinutes: must be at least 1, got 0'],
    ['half an interval', { ...flux, intervalMinutes: 1.5 }, 'intervalMinutes'],
    ['an interval of no number', { ...flux, intervalMinutes: Number.NaN }, 'intervalMinutes'],
    ['a negative interval', { ...flux, intervalMinutes: -1 }, 'intervalMinutes: must be at least 1, got -1'],
    ['an interval of more than a day', { ...flux, intervalMinutes: 1441 }, 'must be at most 1440, got 1441'],
  ])('refuses %s', (_, delivery, message) => {
    expect(() => parse({ delivery })).toThrow(message);
  });

  test.each([
    { ...argoCd, repository: 'git@git.example.com:ml/manifests.git', branch: 'release/1.x', path: 'dev' },
    { ...flux, intervalMinutes: 1 },
    { ...flux, intervalMinutes: 1440, repository: 'ssh://git@git.example.com/ml.git' },
  ])('takes the nearest legal neighbour %#', (delivery) => {
    expect(() => parse({ delivery })).not.toThrow();
  });

  test('by cdk is for a cluster of its own, of a version that its kubectl talks to', () => {
    const by = (cluster?: EnvironmentInput['cluster']) =>
      parse({ delivery: { kind: 'cdk' }, programs: programs('kube-prometheus-stack') }, cluster);
    expect(() => by()).toThrow('dev.kubernetes.delivery: cdk applies to a cluster of its own, got no cluster');
    expect(() => by({ kind: 'existing' })).toThrow('got existing');
    expect(() => by(eks({ version: '1.37' }))).toThrow(
      'dev.cluster.version: cdk applies with kubectl 1.35, which talks to 1.34, 1.35, 1.36, got 1.37',
    );
    expect(() => by(eks({ version: '1.36' }))).not.toThrow();
    expect(() => by(eks({ version: '1.34' }))).not.toThrow();
  });
});

describe('the programs beside the models', () => {
  test.each(['latest', '1.2', '', '^1.2.3', '1.2.x'])('are pinned, which %p is not', (version) => {
    expect(() => parse({ delivery: argoCd, programs: { ...programs(), charts: { keda: { version } } } })).toThrow(
      'dev.kubernetes.programs.charts.keda.version: a chart is pinned to one version, as in 2.40.4',
    );
  });

  test.each(['oci://registry.example.com/charts', 'https://charts.example.com', 'registry.example.com/'])(
    'come from a registry, which %p is not',
    (registry) => {
      expect(() => parse({ delivery: argoCd, programs: { registry, charts: {} } })).toThrow('a registry looks like');
    },
  );

  test.each(['1.40.0', '1.36.1', 'v1.40.9', '0.99.0'])('are new enough, which Flagger %s is not', (version) => {
    const charts = { flagger: { version } };
    expect(() => parse({ delivery: argoCd, programs: { ...programs(), charts } })).toThrow(
      `dev.kubernetes.programs.charts.flagger.version: is 1.41.0 or newer (an older one loses image volumes, and before 1.38 the sleep before the end too), got ${version}; pin a newer chart`,
    );
  });

  test.each(['1.41.0', '1.41.1', '1.42.0', '2.0.0', 'v1.41.0', '1.41.0-rc.1'])('may be Flagger %s', (version) => {
    const charts = { flagger: { version } };
    expect(() => parse({ delivery: argoCd, programs: { ...programs(), charts } })).not.toThrow();
  });

  test('are known ones', () => {
    const charts = { velero: chart } as never;
    expect(() => parse({ delivery: argoCd, programs: { ...programs(), charts } })).toThrow('dev.kubernetes.programs');
  });

  test('are installed by whoever applies the manifests', () => {
    expect(() => parse({ programs: programs('keda') })).toThrow(
      'dev.kubernetes.programs: are installed by whoever applies the manifests, got the delivery byHand',
    );
  });

  test('are installed here or elsewhere, not both', () => {
    const both = { ...programs('keda'), elsewhere: ['keda' as const] };
    expect(() => parse({ delivery: argoCd, programs: both })).toThrow(
      'dev.kubernetes.programs.elsewhere: somebody else installs what is listed here, got keda, which is in charts',
    );
  });

  test.each([
    ['plain', { kind: 'plain' }, 'hpa', []],
    ['gateway-api', { kind: 'gateway-api', gateway }, 'hpa', ['gateway-helm']],
    ['argo-rollouts', { kind: 'argo-rollouts', rollbackReleases: 3 }, 'hpa', ['argo-rollouts']],
    [
      'argo-rollouts with a gateway, and keda',
      { kind: 'argo-rollouts', rollbackReleases: 3, traffic: { kind: 'gateway-api', gateway } },
      'keda',
      ['argo-rollouts', 'gateway-helm', 'keda'],
    ],
    ['flagger', { kind: 'flagger', traffic: { kind: 'istio', gateway } }, 'hpa', ['flagger', 'base', 'istiod']],
  ] as const)('are, for %s, those that its manifests name', (_, engine, autoscaler, expected) => {
    expect(neededPrograms({ engine, autoscaler })).toEqual(['kube-prometheus-stack', ...expected]);
  });

  test('are all there where the cluster is new', () => {
    expect(() => parse({ delivery: argoCd }, eks())).toThrow(
      'dev.kubernetes.programs.charts.kube-prometheus-stack: is needed by the manifests and a new cluster has none, got nothing; pin its chart, or list it in programs.elsewhere',
    );
    expect(() => parse({ delivery: argoCd, programs: programs('kube-prometheus-stack') }, eks())).not.toThrow();
    const elsewhere = { ...programs(), elsewhere: ['kube-prometheus-stack' as const] };
    expect(() => parse({ delivery: argoCd, programs: elsewhere }, eks())).not.toThrow();
    expect(() => parse({ delivery: argoCd }, { kind: 'existing' })).not.toThrow();
    expect(() => parse({}, eks())).not.toThrow();
  });
});
