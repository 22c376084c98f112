import type { KubernetesGuard } from './watched-guards';

/** Every server that a model can choose. What each is: docs/guide/kubernetes-runtimes.md. */
export const RUNTIME_NAMES = [
  'python',
  'onnx',
  'fastapi',
  'flask',
  'django',
  'tensorflow-serving',
  'torchserve',
  'triton',
  'mlserver',
] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** Those whose metrics have a port of their own. */
export const WITH_METRICS_PORT: readonly RuntimeName[] = ['torchserve', 'triton', 'mlserver'];

/** Those that answer over gRPC beside HTTP, where a model asks for it. */
export const WITH_GRPC: readonly RuntimeName[] = ['onnx'];

type Unmeasured = Readonly<Partial<Record<KubernetesGuard, string>>>;

const noBuckets = 'sums up how long answers took and keeps no histogram, so nobody knows a percentile';

const BY_RUNTIME: Readonly<Partial<Record<RuntimeName, Unmeasured>>> = {
  torchserve: {
    p50LatencyMs: noBuckets,
    p99LatencyMs: noBuckets,
    clientErrorRatePercent: 'counts the 4xx of all its APIs together, probes and management with them',
  },
  triton: {
    p50LatencyMs: noBuckets,
    p99LatencyMs: noBuckets,
    clientErrorRatePercent: 'does not count requests that it refuses before a model sees them',
  },
};

/** Why a server's metrics can't answer a guard, as in "triton …". @returns undefined if they can */
export function unmeasured(runtime: RuntimeName, guard: KubernetesGuard): string | undefined {
  return BY_RUNTIME[runtime]?.[guard];
}
