import { z } from 'zod';
import { withheld } from './withheld';

export const instanceType = z.templateLiteral(['ml.', z.string()]);

/** What instances of our own have, whatever the mode. */
const onInstances = {
  /** @default 'ml.m5.large' */
  instanceType: instanceType.default('ml.m5.large'),
  /** How long a container may take to answer /ping with 200. @default 240 */
  startupSeconds: z.int().min(60).max(3600).default(240),
};

/** Share of requests and answers that is captured to S3. @default 100 */
const capturePercent = z.int().min(0).max(100).default(100);

const variantName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a variant name is lower-case words joined by hyphens')
  .max(40);

const Realtime = z.strictObject({ mode: z.literal('realtime'), ...onInstances, capturePercent });

const Serverless = z.strictObject({
  mode: z.literal('serverless'),
  /** Processor time comes with memory. @default 2048 */
  memoryMb: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(2048),
  /** Requests at a time, 1 to 200; one more is answered with a 429. @default 20 */
  maxConcurrency: z.int().min(1).max(200).default(20),
  /** Of these, how many are kept warm, at a price by the hour. @default - none */
  provisionedConcurrency: z.int().min(1).max(200).optional(),
  instanceType: withheld('a serverless endpoint has no instances, and so no GPU', 'give memoryMb, or use realtime'),
  capturePercent: withheld(
    'a serverless endpoint captures nothing, and Model Monitor has nothing to read',
    'leave it out and log requests in the caller, or use realtime',
  ),
  challengers: withheld('a serverless endpoint has one variant', 'leave it out, or use multi-variant'),
});

const Asynchronous = z.strictObject({
  mode: z.literal('asynchronous'),
  ...onInstances,
  /** Requests that one instance works on at a time, 1 to 1000. @default - SageMaker chooses */
  maxConcurrentInvocationsPerInstance: z.int().min(1).max(1000).optional(),
  capturePercent: withheld(
    'asynchronous requests and answers are objects in S3 already',
    'leave it out: answers are kept below asynchronous/ in the capture bucket',
  ),
});

/** Keys below a model's folder: a slash at an end would make an empty name. */
const prefix = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9!_.-]+(\/[A-Za-z0-9!_.-]+)*$/, 'a prefix is names joined by slashes, without one at either end');

/** No endpoint: batch transform by the pipeline, by schedule or by command. */
const Batch = z.strictObject({
  mode: z.literal('batch'),
  /** @default 'ml.m5.large' */
  instanceType: onInstances.instanceType,
  /** @default 1 */
  instanceCount: z.int().min(1).max(100).default(1),
  /** How a file becomes records. @default 'Line' */
  splitType: z.enum(['None', 'Line', 'RecordIO', 'TFRecord']).default('Line'),
  /** Whether a request carries as many records as fit. Needs a `splitType`. @default 'MultiRecord' */
  strategy: z.enum(['MultiRecord', 'SingleRecord']).default('MultiRecord'),
  /** Size of a request at most, 1 to 100; times `maxConcurrentTransforms` at most 100 as well. @default 6 */
  maxPayloadMb: z.int().min(1).max(100).default(6),
  /** Requests to an instance at a time. @default 1 */
  maxConcurrentTransforms: z.int().min(1).max(100).default(1),
  /** Whether each answer stands beside the record that it is about. @default true */
  joinInput: z.boolean().default(true),
  /** MIME type of what is asked and answered. @default 'text/csv' */
  contentType: z.string().min(1).max(256).default('text/csv'),
  /**
   * Whether the pipeline asks each new version that keeps its gates about the input, before it is registered. The input
   * has to be there then, or the execution fails. @default false
   */
  inPipeline: z.boolean().default(false),
  /** When a job starts by itself, as EventBridge Scheduler takes it. @default - only by pipeline or command */
  schedule: z.string().optional(),
  /** Of the schedule, by IANA's name. @default 'UTC' */
  timeZone: z.string().default('UTC'),
  /** What a job is asked that starts by schedule or in the pipeline: all below this prefix of the model's folder in the curated bucket. @default 'batch/input' */
  inputPrefix: prefix.default('batch/input'),
  /** Where a scheduled job's answers go, in a folder for each job, in the same bucket. @default 'batch/output' */
  outputPrefix: prefix.default('batch/output'),
});

const Challenger = z.strictObject({
  /** Of the variant; also the part of its release parameter's name. */
  name: variantName,
  /** Share of the traffic, relative to the other weights. 0 takes only requests that name the variant. */
  weight: z.number().min(0).max(1000),
  /** @default that of the live variant */
  instanceType: instanceType.optional(),
});

const MultiVariant = z.strictObject({
  mode: z.literal('multi-variant'),
  ...onInstances,
  capturePercent,
  /** Of the live variant, which serves the model's release. */
  weight: z.number().gt(0).max(1000),
  /** Each serves the release of a parameter of its own, and the model's release while that says `none`. */
  challengers: z
    .array(Challenger)
    .min(1)
    .max(9)
    .refine(
      (challengers) => new Set(challengers.map(({ name }) => name)).size === challengers.length,
      'each variant needs a name of its own',
    ),
});

const Shadow = z.strictObject({
  mode: z.literal('shadow'),
  ...onInstances,
  capturePercent,
  /** Share of the requests that the shadow variant gets a copy of, 1 to 100. @default 100 */
  samplePercent: z.int().min(1).max(100).default(100),
  /** Instances of the shadow variant. @default 1 */
  shadowInstances: z.int().min(1).max(100).default(1),
  /**
   * Lets SageMaker run the comparison as an InferenceExperiment that ends by itself.
   * @default - the shadow variant is a part of the endpoint, until its release is taken back
   */
  experiment: z.strictObject({ startsAt: z.iso.datetime(), endsAt: z.iso.datetime() }).optional(),
});

const InferenceComponent = z.strictObject({
  mode: z.literal('inference-component'),
  ...onInstances,
  /** Processor cores of one copy. */
  cpuCores: z.number().min(0.25).max(768),
  /** Memory of one copy. */
  memoryMb: z.int().min(128),
  /** GPUs or Inferentia devices of one copy. @default - none */
  accelerators: z.int().min(1).max(16).optional(),
  /** Copies of the model at first; autoscaling goes on from there. @default 1 */
  copies: z.int().min(1).max(100).default(1),
  capturePercent: withheld(
    'SageMaker documents no data capture for inference components',
    'leave it out and log requests in the caller, or use realtime',
  ),
});

/** How a model answers. What a mode forbids beyond its own members stands in constructs/serving/service-rules.ts. */
export const Serving = z.discriminatedUnion('mode', [
  Realtime,
  Serverless,
  Asynchronous,
  Batch,
  MultiVariant,
  Shadow,
  InferenceComponent,
]);
export type Serving = z.output<typeof Serving>;
export type ServingMode = Serving['mode'];
export type ServingOf<M extends ServingMode> = Extract<Serving, { mode: M }>;
