import { z } from 'zod';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { RequestTensor } from './tensor-source';

const InferRequest = z.object({
  id: z.string().max(256).optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)).min(1),
        datatype: z.string(),
        data: z.array(z.unknown()),
      }),
    )
    .min(1),
  outputs: z.array(z.object({ name: z.string() })).optional(),
});

export interface ParsedInferRequest {
  readonly id?: string;
  readonly tensors: readonly RequestTensor[];
  /** Empty asks for all. */
  readonly outputs: readonly string[];
}

/**
 * The body of `POST /v2/models/NAME/infer`.
 * @throws InvalidInputError that names the first member which isn't as the protocol has it
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export function parseInferRequest(content: unknown): ParsedInferRequest {
  const parsed = InferRequest.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join('.');
    throw new InvalidInputError(
      'body',
      `must be an inference request, got ${issue?.message ?? 'another'}${at ? ` at ${at.slice(0, 60)}` : ''}`,
      'send {"inputs": [{"name", "shape", "datatype", "data"}]}',
    );
  }
  const { id, inputs, outputs = [] } = parsed.data;
  return {
    id,
    // Row by row or flat, both are allowed.
    tensors: inputs.map(({ data, ...tensor }) => ({ ...tensor, cells: Array.isArray(data[0]) ? data.flat() : data })),
    outputs: outputs.map(({ name }) => name),
  };
}
