import type { Predictor } from '../http/predictor';
import type { Prediction } from '../model/prediction';
import { readTable } from '../rows/read-table';
import { type RequestTensor, requireOutputs, tensorSource } from './tensor-source';

/** What a request of the protocol asks, however it was sent. */
export interface Asked {
  readonly tensors: readonly RequestTensor[];
  /** Names; none asks for all. */
  readonly outputs: readonly string[];
}

export interface InferProps<A extends Asked, T> {
  /** @throws InvalidInputError if it isn't the protocol's */
  readonly parse: () => A;
  /** @param prediction of the outputs that were asked for */
  readonly write: (prediction: Prediction, asked: A) => T;
  readonly abandoned: () => boolean;
}

/**
 * Predicts what a request of the Open Inference Protocol holds, over REST and over gRPC.
 * @throws InvalidInputError that names row and column, or an output that there is none of
 */
export function inferTensors<A extends Asked, T>(
  predictor: Predictor,
  { parse, write, abandoned }: InferProps<A, T>,
): Promise<T> {
  const { columns, outputs } = predictor.model;
  let asked: A;
  return predictor.answer({
    read: () => {
      asked = parse();
      requireOutputs(
        asked.outputs,
        outputs.map(({ name }) => name),
      );
      return readTable(columns, tensorSource(asked.tensors, columns), predictor.readOptions);
    },
    write: (prediction) => {
      const names = asked.outputs;
      const chosen = prediction.outputs.filter(({ name }) => names.length === 0 || names.includes(name));
      return write({ ...prediction, outputs: chosen }, asked);
    },
    abandoned,
  });
}
