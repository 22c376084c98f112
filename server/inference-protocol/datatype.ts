import type { Column } from '../model/column';
import type { OutputType } from '../model/prediction';

/** ONNX's names of types, and those of the Open Inference Protocol. */
const DATATYPES: Readonly<Record<OutputType, string>> = {
  string: 'BYTES',
  float64: 'FP64',
  float32: 'FP32',
  int64: 'INT64',
  int32: 'INT32',
  bool: 'BOOL',
};

const NUMBERS = ['FP64', 'FP32', 'FP16', 'INT64', 'INT32', 'INT16', 'INT8', 'UINT64', 'UINT32', 'UINT16', 'UINT8'];

export function datatypeOf(type: OutputType): string {
  return DATATYPES[type];
}

/** Types that a column takes: any of numbers, as a number is read by its value. */
export function acceptedDatatypes({ kind }: Column): readonly string[] {
  return kind === 'category' ? ['BYTES'] : NUMBERS;
}
