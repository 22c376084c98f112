import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Yaml } from 'cdk8s';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { commonLabels } from '../../../charts/labels';
import { ObjectsChart } from '../../../charts/objects-chart';
import { defaultDeny, namespace } from '../../../charts/platform/namespace';
import { writeFiles } from '../../../charts/write-files';
import { ENGINES } from '../../../config/kubernetes/engine-features';
import { unmeasured } from '../../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES } from '../../../config/kubernetes/watched-guards';
import type { ModelInput } from '../../../config/model-spec';
import { image, release, supports } from '../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, filesOf, objectsOf, ofKind } from './served';
import { validate } from './validate';

const FEATURE_OF = { canary: 'steps', linear: 'steps', blueGreen: 'blue-green', allAtOnce: 'all-at-once' } as const;
const ROLLOUTS: readonly ModelInput['rollout'][] = [
  { kind: 'canary' },
  { kind: 'linear' },
  { kind: 'blueGreen' },
  { kind: 'allAtOnce' },
];
const download = { image: image('aws-cli'), cidrs: ['10.0.0.0/16'] };
const archive = { kind: 'download', url: 's3://models/churn/model.tar.gz', sha256: 'c'.repeat(64) } as const;
const downloaded = { download, releases: { churn: { stable: { ...release(), artefact: archive } } } };

const withFiles: Case = {
  kubernetes: { runtime: 'tensorflow-serving' },
  plane: { unwatchedGuards: GUARDS_ON_KUBERNETES.filter((guard) => unmeasured('tensorflow-serving', guard)) },
};

const CASES: readonly (readonly [string, Case])[] = ENGINES.flatMap((name) => {
  const engine = ENGINE_SETTINGS[name];
  const rollouts = ROLLOUTS.filter(({ kind }) => supports(name, FEATURE_OF[kind]));
  return [
    ...rollouts.map((rollout) => [`${name} with ${rollout.kind}`, { engine, rollout }] as const),
    ...(supports(name, 'keda') ? [[`${name} with KEDA`, { engine, plane: { autoscaler: 'keda' } }] as const] : []),
    [`${name} with GPUs`, { engine, kubernetes: { gpus: 1 } }] as const,
    [`${name} with a download`, { engine, plane: downloaded }] as const,
    ...(supports(name, 'own-protocols')
      ? [[`${name} with a server that has files of its own`, { engine, ...withFiles }] as const]
      : []),
  ];
});
const STEPS: readonly (readonly [string, Case])[] = (['plain', 'gateway-api', 'kserve', 'seldon'] as const).flatMap(
  (name) =>
    [0, 1, 2].map((step) => [
      `${name} at step ${step}`,
      { engine: ENGINE_SETTINGS[name], rollout: { kind: 'canary' }, step } as const,
    ]),
);

describe('manifests', () => {
  test.each([...CASES, ...STEPS])('of %s fit the published schemas', (_, choice) => {
    const objects = Object.values(objectsOf(choice)).flat();
    expect(objects.length).toBeGreaterThan(5);
    for (const object of objects) expect(() => validate(object)).not.toThrow();
  });

  test('of what an environment shares do as well', () => {
    expect(() => validate(namespace('dev'))).not.toThrow();
    expect(() => validate(defaultDeny())).not.toThrow();
  });

  test('with a mistake do not, so the schemas are known to bite', () => {
    const [rollout] = ofKind(objectsOf({ engine: ENGINE_SETTINGS['argo-rollouts'] }), 'Rollout');
    const spec = at(rollout, 'spec') as object;
    expect(() => validate({ ...rollout, spec: { ...spec, replicas: 'two' } } as never)).toThrow('replicas');
    const [budget] = ofKind(objectsOf(), 'PodDisruptionBudget');
    expect(() =>
      validate({
        ...budget,
        spec: { ...(at(budget, 'spec') as object), unhealthyPodEvictionPolicy: 'Always' },
      } as never),
    ).toThrow('unhealthyPodEvictionPolicy');
  });

  test.each(CASES)('of %s lose nothing in a chart', (_, choice) => {
    for (const objects of Object.values(objectsOf(choice))) {
      const chart = new ObjectsChart(new App(), 'chart', { namespace: 'dev', labels: commonLabels('dev'), objects });
      expect(chart.toJson()).toEqual(inEnvironment(objects));
    }
  });

  test('lose nothing on the way into files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'charts-'));
    const choice: Case = { engine: ENGINE_SETTINGS['argo-rollouts with a gateway'], plane: downloaded };
    try {
      writeFiles(folder, filesOf(choice));
      const read: unknown[] = Yaml.load(join(folder, 'churn/rollout.yaml'));
      expect(read).toEqual(inEnvironment(objectsOf(choice)['rollout.yaml'] ?? []));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** With what a chart adds to each object. */
function inEnvironment(objects: readonly KubernetesObject[]): unknown[] {
  return objects.map(({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, namespace: 'dev', labels: { ...commonLabels('dev'), ...metadata?.labels } },
  }));
}
