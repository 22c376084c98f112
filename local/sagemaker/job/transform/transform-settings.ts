import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import type { Wire } from '../wire';

export type TransformRequest = Wire<CreateTransformJobRequest>;

/** How a transform job talks to its model server. */
export interface TransformSettings {
  readonly maxPayloadInMB: number;
  readonly concurrency: number;
  readonly strategy: 'SingleRecord' | 'MultiRecord';
}

const DEFAULT_MAX_PAYLOAD_MB = 6;
const MOST_CONCURRENT_MB = 100;

/**
 * What the request says comes first, then what the model server says of itself, then the service's defaults.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export async function transformSettings(request: TransformRequest, serverUrl: string): Promise<TransformSettings> {
  const own = await executionParameters(serverUrl);
  // 0 lets the server choose.
  const asked = request.MaxConcurrentTransforms === 0 ? undefined : request.MaxConcurrentTransforms;
  const strategy = request.BatchStrategy ?? (own.BatchStrategy === 'SINGLE_RECORD' ? 'SingleRecord' : 'MultiRecord');
  return {
    maxPayloadInMB: request.MaxPayloadInMB ?? number(own.MaxPayloadInMB) ?? DEFAULT_MAX_PAYLOAD_MB,
    concurrency: asked ?? number(own.MaxConcurrentTransforms) ?? 1,
    strategy,
  };
}

/** @returns what the request asks for that no server could do, undefined if it is fine */
export function payloadFault({
  MaxPayloadInMB = 0,
  MaxConcurrentTransforms = 1,
}: TransformRequest): string | undefined {
  const total = MaxPayloadInMB * MaxConcurrentTransforms;
  return total > MOST_CONCURRENT_MB
    ? `MaxPayloadInMB × MaxConcurrentTransforms must be at most ${MOST_CONCURRENT_MB}, got ${total}; lower one of them`
    : undefined;
}

async function executionParameters(serverUrl: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${serverUrl}/execution-parameters`).catch(() => undefined);
  if (!response?.ok) return {};
  const parameters: unknown = await response.json().catch(() => undefined);
  return typeof parameters === 'object' && parameters !== null ? { ...parameters } : {};
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
