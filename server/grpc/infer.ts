import { InvalidInputError } from '../../core/invalid-input-error';
import type { ModelAppProps } from '../http/model-app';
import { datatypeOf } from '../inference-protocol/datatype';
import { versionOf } from '../inference-protocol/model-metadata';
import { type RequestTensor, requireOutputs, tensorSource } from '../inference-protocol/tensor-source';
import { readTable } from '../rows/read-table';
import type { ModelInferRequest, ModelInferResponse } from './inference-service';
import { cellsOfRaw, rawOf } from './raw-contents';
import { cellsOfContents, contentsOf } from './tensor-contents';

/**
 * Predicts what a ModelInfer request holds. Raw tensors are answered by raw ones, as clients that send those read them.
 * @throws InvalidInputError as over REST: it names row and column
 */
export async function infer(
  { predictor, settings, metrics }: Pick<ModelAppProps, 'predictor' | 'settings' | 'metrics'>,
  request: ModelInferRequest,
  abandoned: () => boolean,
): Promise<ModelInferResponse> {
  const { model } = predictor;
  const start = performance.now();
  const wanted = request.outputs.map(({ name }) => name);
  requireOutputs(
    wanted,
    model.outputs.map(({ name }) => name),
  );
  const table = readTable(model.columns, tensorSource(tensorsOf(request), model.columns), predictor.readOptions);
  metrics.observeStage('read', (performance.now() - start) / 1000);
  const { rows, outputs } = await predictor.predict(table, abandoned);
  const predicted = performance.now();
  const isRaw = request.raw_input_contents.length > 0;
  const chosen = outputs.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const answer = {
    model_name: settings.modelName,
    model_version: versionOf(model),
    id: request.id,
    outputs: chosen.map((output) => ({
      name: output.name,
      datatype: datatypeOf(output.type),
      shape: [rows, output.width],
      ...(!isRaw && { contents: contentsOf(output) }),
    })),
    raw_output_contents: isRaw ? chosen.map(rawOf) : [],
  };
  metrics.observeStage('write', (performance.now() - predicted) / 1000);
  return answer;
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
