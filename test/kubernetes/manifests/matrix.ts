import { RUNTIMES } from '../../../charts/server/runtimes';
import { unmeasured } from '../../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES } from '../../../config/kubernetes/watched-guards';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { type Case, ENGINE_SETTINGS, filesOf } from '../../unit/charts/served';
import { eks, managed } from '../../unit/config/cluster/smallest';
import { gateway, image, type PlaneInput, release } from '../../unit/config/kubernetes/smallest';

export type Runtime = keyof typeof RUNTIMES;

/** Every engine with its smallest settings, and those that other objects come of. */
export const MATRIX_SETTINGS = {
  ...ENGINE_SETTINGS,
  'argo-rollouts with Istio by subsets': {
    kind: 'argo-rollouts',
    traffic: { kind: 'istio', gateway, split: 'subsets' },
  },
} as const satisfies Readonly<Record<string, PlaneInput['engine']>>;
export type EngineSetting = keyof typeof MATRIX_SETTINGS;

const download = { image: image('aws-cli'), cidrs: ['10.0.0.0/16'] };
const archive = { kind: 'download', url: 's3://models/churn/model.tar.gz', sha256: 'c'.repeat(64) } as const;
const downloaded = { download, releases: { churn: { stable: { ...release(), artefact: archive } } } };
const canary = { kind: 'canary' } as const;
const allAtOnce = { kind: 'allAtOnce' } as const;
const batch = { claim: 'batch-data' };
const shadow = { mode: 'shadow', samplePercent: 20 } as const;

/** Every policy, and every choice of an environment or a model that other objects come of. */
const POLICIES: Readonly<Record<string, Case>> = {
  canary: { rollout: canary },
  'canary that goes back without data': { rollout: { ...canary, whenInconclusive: 'rollBack' } },
  linear: { rollout: { kind: 'linear' } },
  'blue-green': { rollout: { kind: 'blueGreen' } },
  'all at once': { rollout: { kind: 'allAtOnce' } },
  'shadow with a candidate': { rollout: canary, model: { serving: shadow }, step: 0 },
  shadow: { rollout: canary, model: { serving: shadow } },
  'candidate in the dark': { rollout: canary, step: 0 },
  'candidate after a step': { rollout: canary, step: 1 },
  'candidate after all steps': { rollout: canary, step: 2 },
  KEDA: {
    plane: { autoscaler: 'keda' },
    model: { autoscaling: { kind: 'invocations', perInstancePerMinute: 600 } },
  },
  gRPC: { rollout: canary, kubernetes: { grpc: true }, step: 1 },
  GPUs: { kubernetes: { gpus: 1 } },
  'slow load': { kubernetes: { loadSeconds: 900, longestRequestSeconds: 300 } },
  download: { plane: downloaded },
  batch: { rollout: allAtOnce, model: { serving: { mode: 'batch', instanceCount: 4 } }, kubernetes: { batch } },
  'batch of the ONNX server': {
    rollout: allAtOnce,
    model: { server: 'onnx', serving: { mode: 'batch' } },
    kubernetes: { batch },
  },
  'batch with a schedule': {
    rollout: allAtOnce,
    model: { serving: { mode: 'batch', schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' } },
    kubernetes: { batch, gpus: 1 },
    plane: downloaded,
  },
  'a cluster of the stack': { rollout: allAtOnce, cluster: eks({ capacity: managed() }) },
  'a cluster of the stack in Auto Mode': { rollout: allAtOnce, cluster: eks() },
  'no guards': { rollout: { kind: 'canary', guards: { errorRatePercent: null, p99LatencyMs: null } } },
};

export const RUNTIME_NAMES = Object.keys(RUNTIMES) as Runtime[];
export const ENGINE_SETTING_NAMES = Object.keys(MATRIX_SETTINGS) as EngineSetting[];

export interface EmittedCase {
  readonly policy: string;
  /** What `npm run charts` writes: text by path. Undefined where the combination is refused. */
  readonly files: Readonly<Record<string, string>> | undefined;
}

/** Guards that a server can't be asked: with them nearly every policy would be refused. */
const unanswered = (runtime: Runtime) => GUARDS_ON_KUBERNETES.filter((guard) => unmeasured(runtime, guard));

/** All policies of an engine with a runtime. @throws what is no refusal */
export function emittedCases(engine: EngineSetting, runtime: Runtime, namespace: () => string): readonly EmittedCase[] {
  return Object.entries(POLICIES).map(([policy, { kubernetes, plane, ...rest }]) => {
    try {
      const files = filesOf({
        ...rest,
        engine: MATRIX_SETTINGS[engine],
        kubernetes: { ...kubernetes, runtime },
        plane: { unwatchedGuards: [...unanswered(runtime)], ...plane, namespace: namespace() },
      });
      return { policy, files };
    } catch (error) {
      if (error instanceof InvalidInputError) return { policy, files: undefined };
      throw error;
    }
  });
}
