import { ENGINE_FEATURES, ENGINES, type EngineName } from '../../../../config/kubernetes/engine-features';
import type { ModelInput } from '../../../../config/model-spec';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { environment } from '../smallest';
import {
  download,
  ENGINE_SETTINGS,
  gateway,
  kubernetesModel,
  legalRelease,
  legalRollout,
  legalServer,
  type PlaneInput,
  plane,
  supports,
} from './smallest';

function define(
  engine: PlaneInput['engine'],
  overrides: Partial<ModelInput>,
  instances = { min: engine.kind.startsWith('seldon') ? 10 : 2, max: 10 },
  unwatchedGuards: PlaneInput['unwatchedGuards'] = [],
) {
  const kubernetes = { loadSeconds: 4, ...legalServer(engine) };
  const models = defineModels({ churn: kubernetesModel({ kubernetes, ...overrides }) });
  const dev = environment(['churn'], {
    planes: ['kubernetes'],
    kubernetes: plane({ engine, unwatchedGuards }),
    instances,
  });
  return defineEnvironments(models, { dev });
}

describe('an engine', () => {
  test.each(ENGINES)('%s moves all traffic at once', (engine) => {
    expect(define(ENGINE_SETTINGS[engine], { rollout: { kind: 'allAtOnce' } })).toBeDefined();
    const settings = ENGINE_SETTINGS[engine];
    expect(define(settings, { rollout: legalRollout(settings, { kind: 'blueGreen' }) })).toBeDefined();
  });

  test.each(ENGINES.filter((name) => supports(name, 'exact-share')))('%s gives any share to one pod', (engine) => {
    const settings = ENGINE_SETTINGS[engine];
    const rollout = legalRollout(settings, { kind: 'canary', percent: 1 });
    expect(define(settings, { rollout }, { min: 2, max: 2 })).toBeDefined();
  });

  test('plain needs as many pods as the share asks for', () => {
    const canary = { rollout: { kind: 'canary', percent: 10 } } as const;
    expect(define(ENGINE_SETTINGS.plain, canary, { min: 2, max: 10 })).toBeDefined();
    expect(() => define(ENGINE_SETTINGS.plain, canary, { min: 2, max: 9 })).toThrow(
      "dev.kubernetes.engine: plain can't do that: the share is that of the pods, got 10 % of 9 replicas of churn; use gateway-api or argo-rollouts with a gateway or argo-rollouts with Istio or argo-rollouts with ALB or argo-rollouts with NGINX or flagger with a gateway or flagger with Istio or kserve or seldon or seldon-2, or raise the replicas or the percentage",
    );
  });

  test('argo-rollouts without a gateway splits the pods that there are', () => {
    const linear = { rollout: { kind: 'linear', stepPercent: 20 } } as const;
    expect(define(ENGINE_SETTINGS['argo-rollouts'], linear, { min: 5, max: 5 })).toBeDefined();
    expect(() => define(ENGINE_SETTINGS['argo-rollouts'], linear, { min: 4, max: 10 })).toThrow(
      'got 20 % of 4 replicas',
    );
  });

  test.each(['plain', 'argo-rollouts'] as const)('%s refuses a canary with one replica', (engine) => {
    const one = {
      rollout: { kind: 'canary', percent: 50 },
      kubernetes: { loadSeconds: 4, replicas: { min: 1, max: 1 } },
    } as const;
    expect(() => define(ENGINE_SETTINGS[engine], one)).toThrow('got 50 % of 1 replica of churn');
  });

  describe.each([{ kind: 'plain' }, { kind: 'gateway-api', gateway }] as const)(
    '$kind without a controller',
    (engine) => {
      test('does not take guards without being told what they are for', () => {
        expect(() => define(engine, {})).toThrow(
          `${engine.kind} can't do that: no controller looks at metrics, got guards of churn; use argo-rollouts or argo-rollouts with a gateway or`,
        );
      });

      test('takes them as alerts, and a rollout without any', () => {
        const none = { errorRatePercent: null, p99LatencyMs: null };
        expect(define({ ...engine, guards: 'alert' }, {})).toBeDefined();
        expect(define(engine, { rollout: { kind: 'blueGreen', guards: none } })).toBeDefined();
        expect(define(engine, { rollout: { kind: 'allAtOnce' } })).toBeDefined();
      });

      test("can't take back what could not be judged", () => {
        const rollout = { kind: 'blueGreen', whenInconclusive: 'rollBack' } as const;
        expect(() => define({ ...engine, guards: 'alert' }, { rollout })).toThrow(
          'got whenInconclusive rollBack of churn',
        );
        expect(define({ kind: 'argo-rollouts' }, { rollout })).toBeDefined();
      });
    },
  );

  describe('asked to mirror', () => {
    const shadow = { serving: { mode: 'shadow' } } as const;
    const able: readonly EngineName[] = [
      'gateway-api',
      'argo-rollouts with Istio',
      'flagger with Istio',
      'seldon',
      'seldon-2',
    ];

    test.each(able)('%s does', (engine) => {
      const settings = ENGINE_SETTINGS[engine];
      const rollout = legalRollout(settings, { kind: 'blueGreen' });
      expect(define(settings, { ...shadow, rollout })).toBeDefined();
    });

    test.each(ENGINES.filter((engine) => !able.includes(engine)))('%s refuses, and names who does', (engine) => {
      const settings = ENGINE_SETTINGS[engine];
      const rollout = legalRollout(settings, { kind: 'blueGreen' });
      expect(() => define(settings, { ...shadow, rollout })).toThrow(
        `got serving mode shadow of churn; use ${able.join(' or ')}, or use the serving mode realtime`,
      );
    });
  });

  describe('flagger', () => {
    const engine = ENGINE_SETTINGS['flagger with Istio'];

    test('says before it is deployed that no data fails with it', () => {
      expect(() => define(engine, { rollout: { kind: 'blueGreen' } })).toThrow(
        "flagger with Istio can't do that: no data is a failed check, and the version goes back, got guards and whenInconclusive proceed of churn; use plain or",
      );
      expect(() => define(engine, { rollout: { kind: 'blueGreen' } })).toThrow('or set whenInconclusive to rollBack');
    });

    test('needs no such word where nothing is judged', () => {
      const guards = { errorRatePercent: null, p99LatencyMs: null };
      expect(define(engine, { rollout: { kind: 'blueGreen', guards } })).toBeDefined();
    });

    test('mirrors for the time of a step only', () => {
      const serving = { mode: 'shadow' } as const;
      const rollout = { kind: 'canary', whenInconclusive: 'rollBack' } as const;
      expect(define(engine, { serving, rollout })).toBeDefined();
      expect(() => define(engine, { serving, rollout: { kind: 'allAtOnce' } })).toThrow(
        'got a shadow and no time for a step of churn; use gateway-api or argo-rollouts with Istio or seldon or seldon-2, or',
      );
    });
  });

  describe('kserve', () => {
    const engine = ENGINE_SETTINGS.kserve;
    const standard = ENGINE_SETTINGS['kserve without Knative'];
    const canary = { rollout: { kind: 'canary' } } as const;
    const releasing = (settings: PlaneInput['engine'], releases: PlaneInput['releases'][string]) => {
      const models = defineModels({ churn: kubernetesModel({ rollout: { kind: 'allAtOnce' } }) });
      const kubernetes = plane({ engine: settings, releases: { churn: releases }, download });
      return defineEnvironments(models, { dev: environment(['churn'], { planes: ['kubernetes'], kubernetes }) });
    };

    test('splits traffic on Knative only', () => {
      expect(define(engine, canary)).toBeDefined();
      expect(() => define(standard, canary)).toThrow(
        "kserve without Knative can't do that: its Deployment replaces the pods one by one, got canary of churn",
      );
    });

    test('has no blue-green, for a revision without traffic is taken down', () => {
      expect(() => define(engine, { rollout: { kind: 'blueGreen' } })).toThrow('got blueGreen of churn');
    });

    test('mounts no image on Knative', () => {
      expect(releasing(engine, { stable: legalRelease(engine) })).toBeDefined();
      expect(releasing(standard, { stable: legalRelease(standard) })).toBeDefined();
      expect(() => releasing(engine, { stable: legalRelease(standard) })).toThrow(
        'Knative mounts no images, got an artefact of the kind image of churn',
      );
    });

    test('takes a candidate on Knative, and without it has nowhere to keep one', () => {
      const both = (settings: PlaneInput['engine']) =>
        releasing(settings, { stable: legalRelease(settings), candidate: legalRelease(settings, 'b') });
      expect(both(engine)).toBeDefined();
      expect(() => both(standard)).toThrow('kserve without Knative has no steps, got a candidate');
    });

    test('scales by itself', () => {
      const models = defineModels({ churn: kubernetesModel({ rollout: { kind: 'allAtOnce' } }) });
      const kubernetes = plane({ engine, autoscaler: 'keda' });
      const dev = environment(['churn'], { planes: ['kubernetes'], kubernetes });
      expect(() => defineEnvironments(models, { dev })).toThrow('got the autoscaler keda of churn');
    });
  });

  describe('seldon', () => {
    const engine = ENGINE_SETTINGS.seldon;
    const canary = { rollout: { kind: 'canary' } } as const;

    test('has a fixed number of pods', () => {
      expect(define(engine, canary, { min: 2, max: 2 })).toBeDefined();
      expect(() => define(engine, canary, { min: 2, max: 3 })).toThrow(
        "seldon can't do that: its pods are fixed in number, got 2 to 3 replicas of churn",
      );
    });

    test('copies all requests to a shadow or none', () => {
      const shadow = (samplePercent: number) => ({ ...canary, serving: { mode: 'shadow', samplePercent } as const });
      expect(define(engine, shadow(100))).toBeDefined();
      expect(() => define(engine, shadow(99))).toThrow('a shadow gets copies of all requests, got samplePercent 99');
    });

    test.each(['tensorflow-serving', 'torchserve'] as const)('speaks another protocol than %s', (runtime) => {
      const guards = { p99LatencyMs: null };
      const model = { rollout: { kind: 'canary', guards }, kubernetes: { loadSeconds: 4, runtime } } as const;
      expect(() => define(engine, model)).toThrow(
        `its executor speaks the Open Inference Protocol, got the runtime ${runtime}`,
      );
    });
  });

  describe('seldon-2', () => {
    const engine = ENGINE_SETTINGS['seldon-2'];
    const released = (stable: PlaneInput['releases'][string]['stable']) => {
      const kubernetes = { loadSeconds: 4, ...legalServer(engine) };
      const models = defineModels({ churn: kubernetesModel({ kubernetes, rollout: { kind: 'allAtOnce' } }) });
      const settings = plane({ engine, releases: { churn: { stable } }, download });
      const instances = { min: 2, max: 2 };
      return defineEnvironments(models, {
        dev: environment(['churn'], { planes: ['kubernetes'], kubernetes: settings, instances }),
      });
    };

    test('needs to know where the API server is', () => {
      expect(() => define({ ...engine, apiServerCidrs: [] }, {})).toThrow('apiServerCidrs');
      expect(() => define({ ...engine, apiServerCidrs: ['kubernetes'] }, {})).toThrow('apiServerCidrs');
    });

    test.each(['mlserver', 'triton'] as const)('loads models into %s', (runtime) => {
      const rollout = { kind: 'canary', guards: { p99LatencyMs: null } } as const;
      expect(define(engine, { rollout, kubernetes: { loadSeconds: 4, runtime } })).toBeDefined();
    });

    test.each(['python', 'onnx', 'fastapi', 'tensorflow-serving'] as const)('loads none into %s', (runtime) => {
      expect(() => define(engine, { kubernetes: { loadSeconds: 4, runtime } })).toThrow(
        `its agent loads models into mlserver and triton, got the runtime ${runtime} of churn`,
      );
    });

    test('has a fixed number of pods', () => {
      expect(() => define(engine, {}, { min: 2, max: 3 })).toThrow('its pods are fixed in number');
    });

    test('copies any share to a shadow', () => {
      const shadow = { serving: { mode: 'shadow', samplePercent: 1 } } as const;
      expect(define(engine, shadow)).toBeDefined();
    });

    test('mounts no image', () => {
      expect(released(legalRelease(engine))).toBeDefined();
      expect(() => released(legalRelease(ENGINE_SETTINGS.plain))).toThrow(
        'its definition of a Server knows no volume that is an image, got an artefact of the kind image of churn',
      );
    });
  });

  test('serves no mode that only SageMaker has', () => {
    expect(() => define(ENGINE_SETTINGS.plain, { serving: { mode: 'serverless' } })).toThrow(
      'dev.kubernetes: serves realtime, shadow, batch, got serverless of churn; serve it on the plane sagemaker',
    );
  });

  test('refuses a guard that no server has a metric for', () => {
    const rollout = (guards: object) => ({ rollout: { kind: 'blueGreen', guards } as const });
    expect(() => define(ENGINE_SETTINGS['argo-rollouts'], rollout({ memoryPercent: 80 }))).toThrow(
      'the servers have no metric for the guard memoryPercent, got it in the rollout of churn; list it in kubernetes.unwatchedGuards to do without it here',
    );
    const without = (guards: object) =>
      define(ENGINE_SETTINGS['argo-rollouts'], rollout(guards), { min: 2, max: 10 }, ['memoryPercent']);
    expect(without({ memoryPercent: 80 })).toBeDefined();
    expect(() => without({ memoryPercent: 80, cpuPercent: 80 })).toThrow('for the guard cpuPercent');
    expect(define(ENGINE_SETTINGS['argo-rollouts'], rollout({ clientErrorRatePercent: 5, custom: [] }))).toBeDefined();
  });

  test("refuses a guard that the model's server has no metric for, with three ways out", () => {
    const kubernetes = { loadSeconds: 4, runtime: 'triton' } as const;
    const rollout = { kind: 'blueGreen', guards: { p99LatencyMs: 200, clientErrorRatePercent: null } } as const;
    const asked = (unwatched: Parameters<typeof define>[3]) =>
      define(ENGINE_SETTINGS['argo-rollouts'], { kubernetes, rollout }, { min: 2, max: 10 }, unwatched);
    expect(() => asked([])).toThrow(
      'the server triton sums up how long answers took and keeps no histogram, so nobody knows a percentile, got the guard p99LatencyMs in the rollout of churn; list it in kubernetes.unwatchedGuards to do without it here, use another runtime, or serve churn on the plane sagemaker only',
    );
    expect(asked(['p99LatencyMs'])).toBeDefined();
  });
});

describe('the table of engines', () => {
  test('has a feature for every id once, and an engine for every feature', () => {
    const ids = ENGINE_FEATURES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { engines } of ENGINE_FEATURES) {
      expect(Object.keys(engines)).toEqual([...ENGINES]);
      expect(Object.values(engines)).toContain(true);
    }
  });
});
