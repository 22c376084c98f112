import { z } from 'zod';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { RequestTensor } from './tensor-source';

const InferRequest = z.object({
  id: z.string().max(256).optional(),
  inputs: z.array(z.unknown()).min(1),
  outputs: z.array(z.unknown()).optional(),
});
// Read one by one, up to the first that is wrong: a body has room for millions, and of a list zod tells all faults.
const Input = z.object({
  name: z.string(),
  shape: z.array(z.unknown()).min(1),
  datatype: z.string(),
  data: z.array(z.unknown()),
});
const Size = z.int().min(0);
const Output = z.object({ name: z.string() });

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
  const { id, inputs, outputs = [] } = read(InferRequest, content);
  return {
    id,
    tensors: inputs.map((input, index) => tensorOf(input, `inputs.${index}`)),
    outputs: outputs.map((output, index) => read(Output, output, `outputs.${index}`).name),
  };
}

function tensorOf(input: unknown, at: string): RequestTensor {
  const { data, shape, ...tensor } = read(Input, input, at);
  return {
    ...tensor,
    shape: shape.map((size, place) => read(Size, size, `${at}.shape.${place}`)),
    // Row by row or flat, both are allowed.
    cells: Array.isArray(data[0]) ? data.flat() : data,
  };
}

/** @param at where it is in the body */
function read<T>(schema: z.ZodType<T>, content: unknown, at = ''): T {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [at, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  throw new InvalidInputError(
    'body',
    `must be an inference request, got ${issue?.message ?? 'another'}${path ? ` at ${path.slice(0, 60)}` : ''}`,
    'send {"inputs": [{"name", "shape", "datatype", "data"}]}',
  );
}
