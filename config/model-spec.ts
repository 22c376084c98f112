import { z } from 'zod';
import { Autoscaling } from './autoscaling';
import { ModelOnKubernetes } from './kubernetes/model';
import { Rollout } from './rollout';
import { instanceType, Serving } from './serving';

/** The name of an entry. It becomes a part of the names of resources. */
export const entryName = (what: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, `${what} is lower-case words joined by hyphens`)
    .max(40);

/** Owners become the value of a tag, which takes no other characters. */
const Owner = z
  .string()
  .regex(
    /^[\p{L}\p{N} _.:/=+\-@]+$/u,
    'an owner is letters, digits, spaces and _ . : / = + - @, as in an e-mail address',
  );

/** SageMaker hands every hyperparameter to the script as a string; numbers are for the reader's convenience. */
const Hyperparameters = z.record(z.string().max(256), z.union([z.string().max(2500), z.number(), z.boolean()]));

const scaling = z.enum(['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']).default('Auto');
const Range = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('continuous'), min: z.number(), max: z.number(), scaling }),
  z.strictObject({ kind: z.literal('integer'), min: z.int(), max: z.int(), scaling }),
  z.strictObject({ kind: z.literal('categorical'), values: z.array(z.string()).min(1).max(30) }),
]);
export type Range = z.output<typeof Range>;

const Tuning = z.strictObject({
  strategy: z.enum(['Random', 'Grid', 'Bayesian']).default('Random'),
  objective: z.strictObject({
    /** Printed by train.py as `name=value`; the last value printed counts. */
    metric: z.string().regex(/^[A-Za-z0-9_]+$/),
    direction: z.enum(['maximize', 'minimize']),
  }),
  maxJobs: z.int().min(1).max(750),
  maxParallelJobs: z.int().min(1).max(100).default(2),
  seed: z.int().min(0).default(0),
  ranges: z.record(z.string(), Range).refine((r) => Object.keys(r).length > 0, 'tuning needs at least one range'),
});
export type Tuning = z.output<typeof Tuning>;

/** The model that serves has to be beaten on the same held-out rows, by a paired bootstrap. */
const BeatsChampion = z.strictObject({
  /** How sure one has to be, 0.5 to below 1. @default 0.95 */
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  /** By how much at least, in the metric's own unit. @default 0 */
  margin: z.number().min(0).default(0),
});

/** A bound that evaluation.json has to keep before a model is registered. */
const Gate = z.union([
  z.strictObject({ metric: z.string(), atLeast: z.number(), beatsChampion: BeatsChampion.optional() }),
  z.strictObject({ metric: z.string(), atMost: z.number(), beatsChampion: BeatsChampion.optional() }),
]);
export type Gate = z.output<typeof Gate>;

/** Files that a Python package on an index ships; `mlops local` uploads them to the raw bucket. */
const DataSource = z.strictObject({
  package: z.string(),
  /** Paths inside the package's folder. */
  files: z.array(z.string()).min(1),
});

/** One model. Plain data, so raw numbers carry their unit in the name. */
export const ModelSpec = z.strictObject({
  description: z.string().min(1),
  /** Whom to ask and to page. */
  owners: z
    .array(Owner)
    .min(1)
    .refine((owners) => owners.join(' ').length <= 256, 'all owners together have at most 256 characters'),
  /** Folder below workloads/ with prepare.py, validate.py, train.py, evaluate.py and serve.py. */
  workload: z.string().regex(/^[a-z][a-z0-9_]*$/, 'a workload is the name of a Python package'),
  /** Which of the images below workloads/images/ trains it, and serves it where `server` doesn't. */
  framework: z.enum(['sklearn', 'xgboost', 'pytorch']),
  data: z.strictObject({ source: DataSource }),
  /** Command-line options of prepare.py, without the leading hyphens. @default {} */
  preparation: Hyperparameters.default({}),
  /** Fixed hyperparameters of every training job. @default {} */
  hyperparameters: Hyperparameters.default({}),
  /** Without it the model is trained once, with `hyperparameters`. */
  tuning: Tuning.optional(),
  gates: z.array(Gate).min(1),
  /**
   * What serves it: `onnx` is the server in `server/`, for a model whose ONNX form is proved to answer alike on the
   * held-out rows. One whose form isn't keeps the Python server of its framework's image, as `python` does.
   * @default 'python'
   */
  server: z.enum(['python', 'onnx']).default('python'),
  training: z
    .strictObject({
      instanceType: instanceType.default('ml.m5.large'),
      volumeGb: z.int().min(1).max(16_384).default(30),
      maxRuntimeMinutes: z.int().min(1).max(40_320).default(60),
    })
    .prefault({}),
  serving: Serving,
  rollout: Rollout,
  /** Its pods, where an environment has the plane `kubernetes`. @default - none, and no such environment lists it */
  kubernetes: ModelOnKubernetes.optional(),
  /** What capacity follows. @default - invocations for a real-time endpoint, backlog for an asynchronous one */
  autoscaling: Autoscaling.optional(),
  /** Short for `autoscaling: { kind: 'invocations', perInstancePerMinute }`. @default 600 */
  invocationsPerInstancePerMinute: z.int().min(1).optional(),
  /** When the pipeline runs by itself, as an EventBridge Scheduler expression, for example `cron(0 3 ? * MON *)`. */
  schedule: z
    .string()
    .regex(/^(cron|rate)\(.+\)$/, 'a schedule reads cron(…) or rate(…)')
    .optional(),
  dataProtection: z.strictObject({
    /** Columns that identify a person; they are kept out of captured data. */
    personalFields: z.array(z.string()),
    lawfulBasis: z.enum(['none-needed', 'consent', 'contract', 'legal-obligation', 'legitimate-interest']),
    retentionDays: z.int().min(1).max(3650),
  }),
});
export type ModelSpec = z.output<typeof ModelSpec>;
export type ModelInput = z.input<typeof ModelSpec>;
export const ModelName = entryName('a model name');
