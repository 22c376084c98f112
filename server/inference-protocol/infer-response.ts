import { jsonCell } from '../answer/write-answer';
import type { Output, Prediction } from '../model/prediction';
import { datatypeOf } from './datatype';

export interface InferResponseProps {
  readonly modelName: string;
  readonly version: string;
  readonly id: string;
  readonly prediction: Prediction;
}

/** The answer of `POST /v2/models/NAME/infer`. Written here, as JSON.stringify takes no whole numbers of 64 bits. */
export function writeInferResponse({ modelName, version, id, prediction }: InferResponseProps): string {
  const head = JSON.stringify({ model_name: modelName, model_version: version, id });
  const outputs = prediction.outputs.map((output) => tensor(output, prediction.rows));
  return `${head.slice(0, -1)},"outputs":[${outputs.join(',')}]}`;
}

function tensor({ name, type, width, cells }: Output, rows: number): string {
  const head = JSON.stringify({ name, datatype: datatypeOf(type), shape: [rows, width] });
  const data = Array.from(cells as ArrayLike<number | bigint | string>, (cell) => jsonCell(cell, type));
  return `${head.slice(0, -1)},"data":[${data.join(',')}]}`;
}
