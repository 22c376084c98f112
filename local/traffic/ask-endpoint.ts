import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { z } from 'zod';
import { localClientConfig } from '../clients';
import type { TrafficPlan } from './traffic-plan';
import type { Answered } from './traffic-totals';

const Answer = z.object({ predictions: z.array(z.object({ label: z.int() })).length(1) });

/** Sends one held-out row. Never rejects: what fails is counted. */
export type Ask = (row: number) => Promise<Answered>;

/** Asks as a client would, but never twice: a retry would hide a failure. */
export function askEndpoint({ endpoint, region, endpointName, sample }: TrafficPlan): Ask {
  const client = new SageMakerRuntimeClient({ ...localClientConfig(endpoint, region), maxAttempts: 1 });
  return async (row) => {
    const began = performance.now();
    const at = row % sample.instances.length;
    try {
      const { Body } = await client.send(
        new InvokeEndpointCommand({
          EndpointName: endpointName,
          ContentType: 'application/json',
          Accept: 'application/json',
          Body: JSON.stringify({ instances: [sample.instances[at]] }),
        }),
      );
      const { predictions } = Answer.parse(JSON.parse(Buffer.from(Body ?? []).toString()));
      const correct = predictions[0]?.label === sample.labels[at];
      return { kind: 'succeeded', milliseconds: performance.now() - began, correct };
    } catch (error) {
      return { kind: 'failed', milliseconds: performance.now() - began, why: whyOf(error) };
    }
  };
}

/** The model's status, the service's, or the name of the error. */
export function whyOf(error: unknown): string {
  const { OriginalStatusCode, $metadata, code, name } = error as {
    readonly OriginalStatusCode?: number;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly code?: string;
    readonly name?: string;
  };
  return String(OriginalStatusCode ?? $metadata?.httpStatusCode ?? code ?? name ?? 'unknown');
}
