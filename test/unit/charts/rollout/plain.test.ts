import { releaseId } from '../../../../charts/served-model';
import { release } from '../../config/kubernetes/smallest';
import { at, type Case, objectsOf, ofKind } from '../served';

const blue = releaseId(release());
const green = releaseId(release('b'));
const canary = { kind: 'canary', percent: 10 } as const;

/** What the Service of the model selects, and how many pods each release has. */
function state(choice: Case) {
  const objects = objectsOf(choice);
  const pods = ofKind(objects, 'HorizontalPodAutoscaler').map((object) => [
    at(object, 'metadata', 'name'),
    at(object, 'spec', 'minReplicas'),
    at(object, 'spec', 'maxReplicas'),
  ]);
  return {
    release: at(ofKind(objects, 'Service')[0], 'spec', 'selector', 'mlops-stack/release'),
    pods,
  };
}

describe('plain Deployments', () => {
  test('without a candidate are one, which scales', () => {
    expect(state({})).toEqual({ release: blue, pods: [[`churn-${blue}`, 10, 20]] });
  });

  test('have a port of gRPC, named as meshes and gateways know it, where the model opens it', () => {
    const ports = (choice: Case) => ofKind(objectsOf(choice), 'Service').map((object) => at(object, 'spec', 'ports'));
    const http = { name: 'http', port: 80, targetPort: 'http' };
    const grpc = { name: 'grpc', port: 8081, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' };
    expect(ports({ kubernetes: { runtime: 'onnx', grpc: true }, step: 0 })).toEqual([
      [http, grpc],
      [http, grpc],
    ]);
    expect(ports({})).toEqual([[http]]);
  });

  test('keep a candidate dark, in full, at step 0', () => {
    expect(state({ step: 0 })).toEqual({
      release: blue,
      pods: [
        [`churn-${blue}`, 20, 20],
        [`churn-${green}`, 20, 20],
      ],
    });
  });

  test('give all traffic to the candidate by the selector, and keep the stable pods to return to', () => {
    expect(state({ step: 1 })).toEqual({ release: green, pods: state({ step: 0 }).pods });
  });

  test('share traffic by the number of pods, rounded down', () => {
    expect(state({ rollout: canary, step: 0 }).release).toBe(blue);
    const shared = {
      release: undefined,
      pods: [
        [`churn-${blue}`, 18, 18],
        [`churn-${green}`, 2, 2],
      ],
    };
    expect(state({ rollout: canary, step: 1 })).toEqual(shared);
    expect(state({ rollout: { ...canary, percent: 14 }, step: 1 })).toEqual(shared);
    expect(state({ rollout: canary, step: 2 }).release).toBe(green);
  });

  test('keep the name of a release when it becomes stable, so no pod restarts', () => {
    const [, candidate] = ofKind(objectsOf({ step: 1 }), 'Deployment');
    const promoted = objectsOf({ plane: { releases: { churn: { stable: release('b') } } } });
    expect(ofKind(promoted, 'Deployment')).toEqual([candidate]);
  });

  test('let a candidate be tried by a Service of its own', () => {
    const [, service] = ofKind(objectsOf({ step: 0 }), 'Service');
    expect(at(service, 'metadata', 'name')).toBe('churn-candidate');
    expect(at(service, 'spec', 'selector', 'mlops-stack/release')).toBe(green);
    expect(ofKind(objectsOf(), 'Service')).toHaveLength(1);
  });

  test.each([
    [{}, { maxSurge: 1, maxUnavailable: 0 }],
    [{ maxSurge: 4 }, { maxSurge: 4, maxUnavailable: 0 }],
    [{ maxSurge: 0 }, { maxSurge: 0, maxUnavailable: 1 }],
    [{ gpus: 1 }, { maxSurge: 0, maxUnavailable: 1 }],
  ])('with %p are replaced by %p', (kubernetes, rollingUpdate) => {
    const [deployment] = ofKind(objectsOf({ kubernetes }), 'Deployment');
    expect(at(deployment, 'spec', 'strategy')).toEqual({ type: 'RollingUpdate', rollingUpdate });
  });
});
