import { releaseId } from '../../../../charts/served-model';
import { release } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';

const engine = ENGINE_SETTINGS['gateway-api'];
const blue = `churn-${releaseId(release())}`;
const green = `churn-${releaseId(release('b'))}`;
const routeOf = (choice: Case) => at(ofKind(objectsOf({ engine, ...choice }), 'HTTPRoute')[0], 'spec');
const ruleOf = (choice: Case) => at(routeOf(choice), 'rules', 0);
const weights = (choice: Case) =>
  (at(ruleOf(choice), 'backendRefs') as { name: string; weight: number }[]).map(({ name, weight }) => [name, weight]);

describe('a route of the Gateway API', () => {
  test('gives everything to the only release', () => {
    expect(weights({})).toEqual([[blue, 100]]);
    expect(routeOf({})).toMatchObject({
      parentRefs: [{ name: 'public', namespace: 'gateways' }],
      hostnames: ['churn.models.example.com'],
    });
    expect(ruleOf({ kubernetes: { longestRequestSeconds: 7 } })).toMatchObject({ timeouts: { request: '7s' } });
  });

  test('names the listener if there is one', () => {
    const gateway = { ...engine.gateway, listener: 'https' };
    expect(routeOf({ engine: { ...engine, gateway } })).toMatchObject({ parentRefs: [{ sectionName: 'https' }] });
    expect(at(routeOf({}), 'parentRefs', 0)).not.toHaveProperty('sectionName');
  });

  test.each([
    [0, 0],
    [1, 25],
    [2, 50],
    [3, 75],
    [4, 100],
  ])('has the weights of step %d', (step, percent) => {
    expect(weights({ rollout: { kind: 'linear', stepPercent: 25 }, step })).toEqual([
      [blue, 100 - percent],
      [green, percent],
    ]);
  });

  test('shows the outside nothing but predictions', () => {
    expect(at(ruleOf({}), 'matches')).toEqual([{ path: { type: 'PathPrefix', value: '/invocations' } }]);
  });

  test('shares predictions over gRPC by the same weights, on the same host, where the model opens it', () => {
    const grpc: Case = {
      kubernetes: { runtime: 'onnx', grpc: true },
      rollout: { kind: 'linear', stepPercent: 25 },
      step: 1,
    };
    expect(at(routeOf(grpc), 'rules', 1)).toEqual({
      matches: [{ path: { type: 'PathPrefix', value: '/inference.GRPCInferenceService/ModelInfer' } }],
      timeouts: { request: '60s' },
      backendRefs: [
        { name: blue, weight: 75, port: 8081 },
        { name: green, weight: 25, port: 8081 },
      ],
    });
    expect(at(routeOf({}), 'rules')).toHaveLength(1);
    const shadow: Case = { ...grpc, model: { serving: { mode: 'shadow', samplePercent: 30 } }, step: 0 };
    expect(at(routeOf(shadow), 'rules', 1, 'filters', 0, 'requestMirror', 'backendRef')).toEqual({
      name: green,
      port: 8081,
    });
  });

  test('copies requests to a shadow, whose answers nobody gets', () => {
    const shadow: Case = { model: { serving: { mode: 'shadow', samplePercent: 30 } }, step: 0 };
    expect(weights(shadow)).toEqual([[blue, 100]]);
    expect(at(ruleOf(shadow), 'filters')).toEqual([
      { type: 'RequestMirror', requestMirror: { backendRef: { name: green, port: 80 }, percent: 30 } },
    ]);
    expect(ruleOf({ step: 0 })).not.toHaveProperty('filters');
    expect(ruleOf({ ...shadow, step: 1 })).not.toHaveProperty('filters');
  });
});
