import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { protobufFields } from '../model/protobuf-fields';
import json from './open-inference-grpc.json';
import type { TensorContents } from './tensor-contents';

interface Named {
  readonly name: string;
}

interface Tensor extends Named {
  readonly datatype: string;
  readonly shape: readonly number[];
}

export interface ModelRequest extends Named {
  readonly version: string;
}

export interface ModelInferRequest {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly inputs: readonly (Tensor & { readonly contents: TensorContents | null })[];
  readonly outputs: readonly Named[];
  readonly raw_input_contents: readonly Buffer[];
}

export interface ModelInferResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly outputs: readonly (Tensor & { readonly contents?: Partial<TensorContents> })[];
  readonly raw_output_contents: readonly Buffer[];
}

/** A request as it came: its size counts, and what can't be read is answered and not an error of the server. */
export interface Received<Request> {
  readonly bytes: number;
  readonly request?: Request;
}

const NAME = 'inference.GRPCInferenceService';

/** Inputs, outputs and parameters: two bytes of a message may be one, and take a hundred times as much once they are read. */
const MOST_FIELDS = 10_000;

/**
 * The service of `open_inference_grpc.proto`, of which the JSON beside it is the form that needs no file at run time.
 * Requests arrive as {@link Received}.
 */
export function inferenceService(): ServiceDefinition {
  // Numbers: of a whole number that isn't exact then, the reader says so.
  const loaded = fromJSON(json as unknown as Parameters<typeof fromJSON>[0], {
    keepCase: true,
    longs: Number,
    defaults: true,
    arrays: true,
  });
  const service = loaded[NAME] as ServiceDefinition;
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): Received<unknown> => {
        if (!isWithin(bytes, MOST_FIELDS)) return { bytes: bytes.length };
        try {
          return { bytes: bytes.length, request: method.requestDeserialize(bytes) as unknown };
        } catch {
          return { bytes: bytes.length };
        }
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

/** Whether a message is nothing but fields, and of them no more than so many. */
function isWithin(message: Uint8Array, most: number): boolean {
  const fields = protobufFields(message);
  for (let count = 0; count <= most; count += 1) {
    const { done, value } = fields.next();
    if (done) return value;
  }
  return false;
}
