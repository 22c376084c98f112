import type { EnvironmentInput } from '../../../../config/environment-spec';
import type { ModelInput } from '../../../../config/model-spec';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { environment } from '../smallest';
import { ENGINE_SETTINGS, gateway, image, kubernetesModel, type PlaneInput, plane, release } from './smallest';

type Overrides = Partial<Omit<EnvironmentInput, 'models'>>;

function parse(
  planeOverrides: Partial<PlaneInput> = {},
  modelOverrides: Partial<ModelInput> = {},
  overrides: Overrides = {},
) {
  const models = defineModels({ churn: kubernetesModel(modelOverrides) });
  const dev = environment(['churn'], {
    planes: ['kubernetes'],
    kubernetes: plane(planeOverrides),
    instances: { min: 2, max: 10 },
    ...overrides,
  });
  return { ...defineEnvironments(models, { dev }).dev, model: models.churn };
}

describe('the plane kubernetes of an environment', () => {
  test('has the documented defaults', () => {
    const { kubernetes, model } = parse({ engine: { kind: 'argo-rollouts' } });
    expect(kubernetes).toMatchObject({
      engine: { kind: 'argo-rollouts', rollbackReleases: 3 },
      prometheus: { namespace: 'monitoring' },
      autoscaler: 'hpa',
      callerNamespaces: [],
      dns: { namespaces: ['kube-system'], cidrs: ['169.254.20.10/32'] },
    });
    expect(kubernetes).not.toHaveProperty('namespace');
    expect(model.kubernetes).toEqual({
      runtime: 'python',
      grpc: false,
      loadSeconds: 4,
      longestRequestSeconds: 60,
      cpuMillis: 1000,
      memoryMb: 1024,
      gpus: 0,
      cpuTargetPercent: 70,
    });
  });

  test.each([
    [{ namespaces: [], cidrs: [] }, 'dns: pods have to look names up: give a namespace or an address'],
    [{ cidrs: ['169.254.20.10'] }, 'dns.cidrs.0'],
    [{ namespaces: ['kube_system'] }, 'dns.namespaces.0'],
  ])('does not let pods look names up by %j', (dns, fault) => {
    expect(() => parse({ dns })).toThrow(`dev.kubernetes.${fault}`);
  });

  test('and its settings come together', () => {
    expect(() => parse({}, {}, { kubernetes: undefined })).toThrow(
      'config/environments.ts: dev.kubernetes: the plane kubernetes needs its settings, got nothing; give cluster, engine, releases and prometheus',
    );
    expect(() => parse({}, {}, { planes: ['sagemaker'] })).toThrow(
      'dev.planes: must have kubernetes where its settings are given, got sagemaker; add it, or leave the settings out',
    );
    expect(parse({}, {}, { planes: ['sagemaker', 'kubernetes'] }).planes).toHaveLength(2);
  });

  test.each(['python', 'fastapi', 'flask', 'django'] as const)(
    'has no image of %s for a model that is not of scikit-learn',
    (runtime) => {
      const kubernetes = { loadSeconds: 4, runtime };
      expect(() => parse({}, { kubernetes, framework: 'xgboost' })).toThrow(
        `config/models.ts: churn.kubernetes.runtime: the image of ${runtime} can load models of sklearn only, got xgboost; use onnx`,
      );
      expect(parse({}, { kubernetes, framework: 'sklearn' }).model.kubernetes?.runtime).toBe(runtime);
    },
  );

  test('serves other frameworks by onnx', () => {
    const kubernetes = { loadSeconds: 4, runtime: 'onnx' } as const;
    expect(parse({}, { kubernetes, server: 'onnx', framework: 'xgboost' }).model.framework).toBe('xgboost');
  });

  test('lets no callers to the pods of Seldon Core 2, whose gateway they ask', () => {
    const engine = ENGINE_SETTINGS['seldon-2'];
    const model = { kubernetes: { loadSeconds: 4, runtime: 'mlserver' } } as const;
    const instances = { instances: { min: 2, max: 2 } };
    expect(parse({ engine }, model, instances)).toBeDefined();
    expect(() => parse({ engine, callerNamespaces: ['shop'] }, model, instances)).toThrow(
      "dev.kubernetes.callerNamespaces: callers ask Seldon's gateway, never the pods, got shop; leave it out, and open",
    );
  });

  describe('opens gRPC', () => {
    const grpc = { loadSeconds: 4, grpc: true };

    test('of the server that has it only', () => {
      expect(parse({}, { kubernetes: { ...grpc, runtime: 'onnx' } }).model.kubernetes?.grpc).toBe(true);
      expect(() => parse({}, { kubernetes: grpc })).toThrow(
        'config/models.ts: churn.kubernetes.grpc: is answered by onnx only, got python; leave it out, or use the runtime onnx',
      );
    });

    test('not of a batch, which nobody calls', () => {
      const batch = { serving: { mode: 'batch' }, rollout: { kind: 'allAtOnce' } } as const;
      expect(() => parse({}, { ...batch, kubernetes: { ...grpc, runtime: 'onnx' } })).toThrow(
        'churn.kubernetes.grpc: nobody calls the pods of a batch, got true; leave it out',
      );
    });

    test('where the engine shares it among the versions', () => {
      const kubernetes = { ...grpc, runtime: 'onnx' } as const;
      expect(parse({ engine: ENGINE_SETTINGS['gateway-api'] }, { kubernetes })).toBeDefined();
      expect(() => parse({ engine: ENGINE_SETTINGS['argo-rollouts with a gateway'] }, { kubernetes })).toThrow(
        "dev.kubernetes.engine: argo-rollouts with a gateway can't do that: what it weighs here are routes of HTTP: callers over gRPC would stay with the old version, got grpc of churn; use plain or gateway-api or argo-rollouts, or leave grpc out",
      );
    });
  });

  test('needs an entry for each model, and no other', () => {
    expect(() => parse({ releases: {} })).toThrow(
      'dev.kubernetes.releases.churn: each model needs an entry, got nothing; write {} before its first release',
    );
    expect(() => parse({ releases: { churn: {}, chrun: {} } })).toThrow(
      'dev.kubernetes.releases.chrun: no such model in this environment, got chrun',
    );
  });

  test('needs to know how long a model loads, because probes follow from it', () => {
    expect(() => parse({}, { kubernetes: undefined })).toThrow(
      'config/models.ts: churn.kubernetes: a model on Kubernetes needs its loadSeconds',
    );
  });

  test.each([0, -1, 0.9, 3601, Number.NaN])('refuses a model that loads in %d seconds', (loadSeconds) => {
    expect(() => parse({}, { kubernetes: { loadSeconds } })).toThrow('churn.kubernetes.loadSeconds');
  });

  test.each([1, 3600])('takes a model that loads in %d seconds', (loadSeconds) => {
    expect(parse({}, { kubernetes: { loadSeconds } }).model.kubernetes).toMatchObject({ loadSeconds });
  });

  describe('names images by digest', () => {
    const serve = (name: string) =>
      parse({ releases: { churn: { stable: { image: name, artefact: release().artefact } } } });

    test.each([
      'registry.example.com/churn',
      'registry.example.com/churn:latest',
      'registry.example.com/churn@sha256:abc',
      `registry.example.com/churn@sha256:${'A'.repeat(64)}`,
      `@sha256:${'a'.repeat(64)}`,
    ])('and refuses %s', (name) => {
      expect(() => serve(name)).toThrow(
        `dev.kubernetes.releases.churn.stable.image: an image is named by its digest, as in registry.example.com/churn@sha256:<64 hex digits>, got "${name}"; ask the registry for the digest`,
      );
    });

    test.each([image('churn'), `localhost:5000/team/churn:1.2@sha256:${'0'.repeat(64)}`])('and takes %s', (name) => {
      expect(serve(name).kubernetes?.releases.churn?.stable?.image).toBe(name);
    });
  });

  test('downloads artefacts only where it says by what', () => {
    const artefact = { kind: 'download', url: 's3://models/churn.tar.gz', sha256: '0'.repeat(64) } as const;
    const releases = { churn: { stable: { image: image('churn'), artefact } } };
    expect(() => parse({ releases })).toThrow(
      'dev.kubernetes.releases.churn.stable.artefact: is downloaded by an image that the environment names, got no kubernetes.download',
    );
    expect(parse({ releases, download: { image: image('aws'), cidrs: ['10.0.0.0/16'] } })).toBeDefined();
    expect(() => parse({ download: { image: image('aws'), cidrs: [] } })).toThrow('dev.kubernetes.download.cidrs');
  });

  test.each(['http://HOST/x y', 'ftp://host/model.tar.gz', "s3://b/it's"])('refuses the artefact %s', (url) => {
    const artefact = { kind: 'download', url, sha256: '0'.repeat(64) } as const;
    expect(() => parse({ releases: { churn: { stable: { image: image('churn'), artefact } } } })).toThrow(
      'dev.kubernetes.releases.churn.stable.artefact.url',
    );
  });

  describe('with a candidate', () => {
    const withCandidate = (step: number, rest: Partial<PlaneInput> = {}) =>
      parse({ releases: { churn: { stable: release(), candidate: { ...release('b'), step } } }, ...rest });

    test('counts its steps by the rollout', () => {
      expect(withCandidate(1).kubernetes?.releases.churn?.candidate?.step).toBe(1);
      expect(() => withCandidate(2)).toThrow(
        'dev.kubernetes.releases.churn.candidate.step: the rollout blueGreen has 1 step, got 2; after the last step the candidate becomes stable',
      );
      expect(() => withCandidate(-1)).toThrow('candidate.step: must be at least 0, got -1');
    });

    test('begins without traffic', () => {
      const candidate = release('b');
      const { kubernetes } = parse({ releases: { churn: { stable: release(), candidate } } });
      expect(kubernetes?.releases.churn?.candidate?.step).toBe(0);
    });

    test('needs a stable release before it', () => {
      expect(() => parse({ releases: { churn: { candidate: release() } } })).toThrow(
        'dev.kubernetes.releases.churn.candidate: takes over from a stable release, got none; make it the stable one',
      );
    });

    test('refuses one where a controller takes the steps', () => {
      expect(() => withCandidate(0, { engine: { kind: 'argo-rollouts' } })).toThrow(
        'candidate: argo-rollouts takes the steps by itself, got a candidate; write the new release into stable',
      );
    });
  });

  describe('with GPUs', () => {
    const gpus = (overrides: object, instances = { min: 2, max: 4 }) =>
      parse({}, { kubernetes: { loadSeconds: 60, gpus: 1, ...overrides } }, { instances });

    test('has no pod more while it updates, so that another pod has to serve', () => {
      expect(() => gpus({ maxSurge: 1 })).toThrow(
        'config/models.ts: churn.kubernetes.maxSurge: must be 0 with GPUs, because a pod more waits for a GPU that nobody has, got 1',
      );
      expect(() => gpus({}, { min: 1, max: 1 })).toThrow(
        'dev.instances: churn has GPUs, so one pod ends before the next one starts and another has to serve meanwhile, got 1; raise min to 2',
      );
      expect(() => gpus({ replicas: { min: 1, max: 2 } })).toThrow(
        'config/models.ts: churn.kubernetes.replicas: churn',
      );
    });

    test.each([{}, { maxSurge: 0 }])('takes %p on two instances', (overrides) => {
      expect(gpus(overrides).model.kubernetes?.gpus).toBe(1);
    });
  });

  test('refuses replicas the wrong way round', () => {
    expect(() => parse({}, { kubernetes: { loadSeconds: 4, replicas: { min: 3, max: 2 } } })).toThrow(
      'config/models.ts: churn.kubernetes.replicas: min must not exceed max, got 3 and 2',
    );
  });

  test('scales by KEDA only what follows requests', () => {
    const engine = { kind: 'gateway-api', gateway, guards: 'alert' } as const;
    const autoscaling = { kind: 'concurrency', requestsPerModel: 4 } as const;
    expect(() => parse({ engine, autoscaler: 'keda' }, { autoscaling })).toThrow(
      'dev.kubernetes.autoscaler: keda scales on requests, got keda and the autoscaling concurrency of churn; use hpa',
    );
    expect(parse({ engine, autoscaler: 'hpa' }, { autoscaling })).toBeDefined();
    expect(parse({ engine, autoscaler: 'keda' })).toBeDefined();
  });

  test('keeps two models of one name out of one namespace', () => {
    const models = defineModels({ churn: kubernetesModel() });
    const of = (kubernetes: Partial<PlaneInput>) =>
      environment(['churn'], { planes: ['kubernetes'], kubernetes: plane(kubernetes) });
    const define = (dev: Partial<PlaneInput>, test: Partial<PlaneInput>) =>
      defineEnvironments(models, { dev: of(dev), test: of(test) });
    expect(() => define({ namespace: 'models' }, { namespace: 'models' })).toThrow(
      "config/environments.ts: test.kubernetes.namespace: two models of one name can't share a namespace, got churn of dev and of test in models",
    );
    expect(() => define({ namespace: 'test' }, {})).toThrow("can't share a namespace");
    expect(define({}, {})).toBeDefined();
    expect(define({ namespace: 'models' }, { namespace: 'models', cluster: 'other' })).toBeDefined();
  });

  test('names namespaces with at most 63 characters', () => {
    expect(() => parse({ namespace: 'n'.repeat(64) })).toThrow('dev.kubernetes.namespace: must be at most 63');
    expect(parse({ namespace: 'n'.repeat(63) })).toBeDefined();
    expect(() => parse({ namespace: 'Models' })).toThrow('a name in Kubernetes is lower-case letters');
  });
});
