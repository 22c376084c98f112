import { z } from 'zod';
import { ObjectName } from './names';
import { RUNTIME_NAMES } from './runtimes';

/** Pods that answer files, a shard each. */
const ModelBatch = z.strictObject({
  /**
   * A PersistentVolumeClaim of the namespace, which many pods can write to at a time: of EFS or FSx, say. `inputPrefix`
   * and `outputPrefix` of `serving` are folders in it.
   */
  claim: ObjectName,
  /** Times that a shard is tried again, 0 to 20. One whose input is wrong never is. @default 3 */
  retries: z.int().min(0).max(20).default(3),
  /** A job that takes longer is ended, 1 to 168. @default 12 */
  longestHours: z.int().min(1).max(168).default(12),
  /** How long a job that has ended can be looked at, 1 to 720. @default 72 */
  keepHours: z.int().min(1).max(720).default(72),
});

/** A model's pods, and what only a measurement knows of it. */
export const ModelOnKubernetes = z.strictObject({
  /** Which server answers: docs/guide/kubernetes-runtimes.md. @default 'python' */
  runtime: z.enum(RUNTIME_NAMES).default('python'),
  /**
   * Opens the Open Inference Protocol over gRPC too, without TLS, to whoever may call the pods. Of `onnx` only, and not with
   * every engine: docs/guide/kubernetes-engines.md. @default false
   */
  grpc: z.boolean().default(false),
  /** From the start of the container to its first 200, measured on the slowest node, 1 to 3600. Probes follow from it. */
  loadSeconds: z.number().min(1).max(3600),
  /** The longest that a request may take, 1 to 3600. A pod that ends finishes its requests first. @default 60 */
  longestRequestSeconds: z.int().min(1).max(3600).default(60),
  /** Thousandths of a core. @default 1000 */
  cpuMillis: z.int().min(10).max(192_000).default(1000),
  /** Asked for, and never exceeded. @default 1024 */
  memoryMb: z.int().min(64).max(4_000_000).default(1024),
  /** Of NVIDIA. @default 0 */
  gpus: z.int().min(0).max(16).default(0),
  /** Pods beyond the wanted number while they are replaced. @default - 1, and 0 with GPUs */
  maxSurge: z.int().min(0).max(100).optional(),
  /** @default - the environment's instances */
  replicas: z.strictObject({ min: z.int().min(1).max(1000), max: z.int().min(1).max(1000) }).optional(),
  /** What a batch needs besides. @default - none, and the model's serving mode isn't batch */
  batch: ModelBatch.optional(),
  /** Utilisation that the autoscaler `hpa` aims at. @default 70 */
  cpuTargetPercent: z.int().min(1).max(100).default(70),
});
export type ModelOnKubernetes = z.output<typeof ModelOnKubernetes>;
