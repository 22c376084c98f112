import { releaseId } from '../../../../charts/served-model';
import { release } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';

const engine = ENGINE_SETTINGS.seldon;
const canary = { kind: 'canary', percent: 10 } as const;
const blue = `r${releaseId(release())}`;
const green = `r${releaseId(release('b'))}`;
const specOf = (choice: Case) => at(ofKind(objectsOf({ engine, ...choice }), 'SeldonDeployment')[0], 'spec');
const predictors = (choice: Case) =>
  (at(specOf(choice), 'predictors') as object[]).map((each) => [
    at(each, 'name'),
    at(each, 'traffic'),
    at(each, 'shadow'),
  ]);

describe('a SeldonDeployment', () => {
  test('gives everything to the only release', () => {
    expect(predictors({})).toEqual([[blue, 100, undefined]]);
    expect(specOf({})).toMatchObject({ protocol: 'v2' });
  });

  test.each([
    [0, 0],
    [1, 10],
    [2, 100],
  ])('has the shares of step %d', (step, percent) => {
    expect(predictors({ rollout: canary, step })).toEqual([
      [blue, 100 - percent, undefined],
      [green, percent, undefined],
    ]);
  });

  test('copies requests to a shadow, which has no share', () => {
    const model = { serving: { mode: 'shadow' } } as const;
    expect(predictors({ rollout: canary, step: 0, model })).toEqual([
      [blue, 100, undefined],
      [green, undefined, true],
    ]);
    expect(predictors({ rollout: canary, step: 1, model })[1]).toEqual([green, 10, undefined]);
  });

  test('asks the container by the name of the model, on the port of its server', () => {
    const [predictor] = at(specOf({ kubernetes: { runtime: 'mlserver' } }), 'predictors') as object[];
    expect(at(predictor, 'graph')).toEqual({
      name: 'churn',
      type: 'MODEL',
      endpoint: { type: 'REST', httpPort: 8080 },
      children: [],
    });
    expect(at(predictor, 'componentSpecs', 0)).toMatchObject({
      replicas: 20,
      metadata: { labels: { 'app.kubernetes.io/name': 'churn' } },
      spec: { containers: [{ name: 'churn', readinessProbe: { httpGet: { path: '/v2/models/churn/ready' } } }] },
    });
  });

  test('lets its executor be called by the ingress', () => {
    const [policy] = objectsOf({ engine })['executor.yaml'] ?? [];
    expect(at(policy, 'spec', 'ingress', 0)).toEqual({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } } }],
      ports: [{ protocol: 'TCP', port: 8000 }],
    });
  });
});
