import { InvalidInputError } from '../../core/invalid-input-error';
import type { ModelAppProps } from '../http/model-app';
import { datatypeOf } from '../inference-protocol/datatype';
import { inferTensors } from '../inference-protocol/infer-tensors';
import { versionOf } from '../inference-protocol/model-metadata';
import type { RequestTensor } from '../inference-protocol/tensor-source';
import type { ModelInferRequest, ModelInferResponse } from './inference-service';
import { cellsOfRaw, rawOf } from './raw-contents';
import { cellsOfContents, contentsOf } from './tensor-contents';

/**
 * Predicts what a ModelInfer request holds. Raw tensors are answered by raw ones, as clients that send those read them.
 * @throws InvalidInputError as over REST: it names row and column
 */
export function infer(
  { predictor, settings }: Pick<ModelAppProps, 'predictor' | 'settings'>,
  request: ModelInferRequest,
  abandoned: () => boolean,
): Promise<ModelInferResponse> {
  const isRaw = request.raw_input_contents.length > 0;
  return inferTensors(predictor, {
    parse: () => ({ tensors: tensorsOf(request), outputs: request.outputs.map(({ name }) => name) }),
    write: ({ rows, outputs }) => ({
      model_name: settings.modelName,
      model_version: versionOf(predictor.model),
      id: request.id,
      outputs: outputs.map((output) => ({
        name: output.name,
        datatype: datatypeOf(output.type),
        shape: [rows, output.width],
        ...(!isRaw && { contents: contentsOf(output) }),
      })),
      raw_output_contents: isRaw ? outputs.map(rawOf) : [],
    }),
    abandoned,
  });
}
function tensorsOf({ inputs, raw_input_contents: raw }: ModelInferRequest): RequestTensor[] {
  if (raw.length === 0) {
    return inputs.map(({ contents, ...tensor }) => ({
      ...tensor,
      cells: cellsOfContents(tensor.datatype, contents),
    }));
  }
  const mixed = inputs.find(({ contents }) => contents !== null);
  if (raw.length !== inputs.length || mixed) {
    throw new InvalidInputError(
      'raw_input_contents',
      `must hold each of the ${inputs.length} inputs and these no contents, got ${raw.length}${mixed ? ' beside contents' : ''}`,
      'send one or the other',
    );
  }
  return inputs.map(({ name, datatype, shape }, index) => ({
    name,
    datatype,
    shape,
    cells: cellsOfRaw(name, datatype, raw[index] as Buffer),
  }));
}
