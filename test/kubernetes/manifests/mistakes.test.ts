import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { type Case, ENGINE_SETTINGS, filesOf } from '../../unit/charts/served';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';
import { loadCrds } from '../control-plane/crds';
import { barePods } from './bare-pods';
import { differences } from './differences';
import { readFiles } from './read-files';

let plane: ControlPlane;
let applier: Applier;

beforeAll(async () => {
  plane = await startControlPlane();
  const kinds = ['Canary', 'Rollout', 'AnalysisTemplate', 'HTTPRoute', 'PodMonitor', 'PrometheusRule'];
  await loadCrds(plane.api, (_, kind) => kinds.includes(kind));
  applier = new Applier(plane.api);
  const shared = emitted({}).filter(({ kind }) => kind === 'Namespace' || kind === 'ServiceAccount');
  await applier.applied(...shared);
}, 300_000);
afterAll(() => plane?.stop(), 60_000);

const canary: Case = { engine: ENGINE_SETTINGS['argo-rollouts'], rollout: { kind: 'canary' } };
const flagger: Case = { engine: ENGINE_SETTINGS['flagger with a gateway'], rollout: { kind: 'canary' } };
const routed: Case = { engine: ENGINE_SETTINGS['gateway-api'] };

function emitted(choice: Case): readonly KubernetesObject[] {
  return readFiles(filesOf(choice));
}

/** The emitted object of a kind, with one value changed. Undefined takes the value out. */
function withMistake(choice: Case, kind: string, path: readonly (string | number)[], value: unknown): KubernetesObject {
  const object = structuredClone(emitted(choice).find((it) => it.kind === kind));
  if (!object) throw new Error(`no ${kind} is emitted`);
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>((at, key) => at[key] as never, object as never);
  const last = path.at(-1) ?? '';
  if (!(last in parent) && value === undefined) throw new Error(`${kind} has no ${path.join('.')}`);
  parent[last] = value;
  return object;
}

const CONTAINER = ['spec', 'template', 'spec', 'containers', 0] as const;
const SECURITY = [...CONTAINER, 'securityContext'] as const;

/** Creates the pod that an object would have. */
async function createPod(object: KubernetesObject) {
  const [pod] = barePods(object);
  if (!pod) throw new Error(`a ${object.kind} without a pod`);
  return plane.api.send('POST', `${await applier.path(pod)}?dryRun=All`, pod);
}

describe('a strict API server refuses', () => {
  test.each([
    [
      'an unknown field of a probe',
      {},
      'Deployment',
      [...CONTAINER, 'readinessProbe', 'httpGett'],
      {},
      'field not declared in schema',
    ],
    ['a field of no Kubernetes', {}, 'Service', ['spec', 'selectors'], {}, 'field not declared in schema'],
    [
      'a policy that there is not',
      {},
      'PodDisruptionBudget',
      ['spec', 'unhealthyPodEvictionPolicy'],
      'Always',
      'Always',
    ],
    ['bounds that cross', {}, 'HorizontalPodAutoscaler', ['spec', 'minReplicas'], 21, 'maxReplicas'],
    ['a probe that never asks', {}, 'Deployment', [...CONTAINER, 'startupProbe', 'periodSeconds'], -1, 'periodSeconds'],
    [
      'an interval that is none',
      {},
      'PodMonitor',
      ['spec', 'podMetricsEndpoints', 0, 'interval'],
      '15 seconds',
      'interval',
    ],
    [
      'a step that there is not',
      canary,
      'Rollout',
      ['spec', 'strategy', 'canary', 'steps', 0, 'setWeigth'],
      5,
      'setWeigth',
    ],
    ['pods as a text', canary, 'Rollout', ['spec', 'replicas'], 'two', 'replicas'],
    ['a count that is none', canary, 'AnalysisTemplate', ['spec', 'metrics', 0, 'count'], true, 'count'],
    ['a weight that there is not', flagger, 'Canary', ['spec', 'analysis', 'stepWeigths'], [5], 'stepWeigths'],
    ['an hour, which Flagger calls 60m', flagger, 'Canary', ['spec', 'analysis', 'interval'], '1h', 'interval'],
    ['a negative weight', routed, 'HTTPRoute', ['spec', 'rules', 0, 'backendRefs', 0, 'weight'], -1, 'weight'],
    [
      'a path without a slash',
      routed,
      'HTTPRoute',
      ['spec', 'rules', 0, 'matches', 0, 'path', 'value'],
      'x',
      "start with '/'",
    ],
  ] as const)('%s', async (_, choice, kind, path, value, says) => {
    const { status, body } = await applier.apply(withMistake(choice, kind, path, value));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toContain(says);
  });

  const BAD_PODS = [
    ['keeps capabilities', 'capabilities', undefined, 'unrestricted capabilities'],
    ['may gain privileges', 'allowPrivilegeEscalation', true, 'allowPrivilegeEscalation != false'],
    ['runs as root', 'runAsNonRoot', false, 'runAsNonRoot != true'],
  ] as const;

  test.each(BAD_PODS)('a pod that %s', async (_, field, value, says) => {
    const { status, body } = await createPod(withMistake({}, 'Deployment', [...SECURITY, field], value));
    expect(status).toBe(403);
    expect(body.message).toContain(says);
  });

  test.each(BAD_PODS)('no Deployment of which a pod %s, and warns', async (_, field, value, says) => {
    const { status, warnings } = await applier.apply(withMistake({}, 'Deployment', [...SECURITY, field], value));
    expect(status).toBeLessThan(300);
    expect(warnings.join()).toContain(says);
  });

  test('a privileged pod', async () => {
    const privileged = { privileged: true, allowPrivilegeEscalation: true };
    const { status, body } = await createPod(withMistake({}, 'Deployment', SECURITY, privileged));
    expect(status).toBe(403);
    expect(body.message).toContain('privileged');
  });
});

test('a field that the API server drops is found when the object is read back', async () => {
  const object = withMistake({}, 'Deployment', [...CONTAINER, 'startupProbe', 'budget'], 5);
  const path = `${await applier.path(object)}?fieldValidation=Ignore`;
  await plane.api.ask('POST', path, { ...object, metadata: { ...object.metadata, name: 'loose' } });
  const read = await applier.read({ ...object, metadata: { ...object.metadata, name: 'loose' } });
  const found = differences({ ...object, metadata: { name: 'loose' } }, read);
  expect(found).toEqual(['spec.template.spec.containers[0].startupProbe.budget: sent 5, got undefined']);
});
