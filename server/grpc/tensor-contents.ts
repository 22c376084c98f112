import { isUtf8 } from 'node:buffer';
import type { RequestTensor } from '../inference-protocol/tensor-source';
import type { Output } from '../model/prediction';

/** Of what is no word, in messages. */
const SHOWN_BYTES = 8;

/** A tensor's cells in the list of their type; the other lists are empty. */
export interface TensorContents {
  readonly bool_contents: readonly boolean[];
  readonly int_contents: readonly number[];
  readonly int64_contents: readonly (number | string)[];
  readonly uint_contents: readonly number[];
  readonly uint64_contents: readonly number[];
  readonly fp32_contents: readonly number[];
  readonly fp64_contents: readonly number[];
  readonly bytes_contents: readonly Uint8Array[];
}

const LISTS: Readonly<Record<string, keyof TensorContents>> = {
  BOOL: 'bool_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

/** NaN is a gap, as there is no null; so is an empty word. A datatype without a list has no cells. */
export function cellsOfContents(datatype: string, contents: TensorContents | null): RequestTensor['cells'] {
  const list = LISTS[datatype];
  const cells = list === undefined ? [] : (contents?.[list] ?? []);
  if (datatype === 'BYTES') return Array.from(cells as readonly Uint8Array[], wordOf);
  return Array.from(cells as readonly number[], gapIfNaN);
}

export function contentsOf({ type, cells }: Output): Partial<TensorContents> {
  switch (type) {
    case 'string':
      return { bytes_contents: (cells as readonly string[]).map((cell) => Buffer.from(cell)) };
    case 'int64':
      // As text: a number would lose digits.
      return { int64_contents: Array.from(cells as BigInt64Array, String) };
    case 'int32':
      return { int_contents: Array.from(cells as Int32Array) };
    case 'bool':
      return { bool_contents: Array.from(cells as Uint8Array, Boolean) };
    case 'float32':
      return { fp32_contents: Array.from(cells as Float32Array) };
    default:
      return { fp64_contents: Array.from(cells as Float64Array) };
  }
}

export function gapIfNaN(cell: number): number | undefined {
  return Number.isNaN(cell) ? undefined : cell;
}

/** Bytes that aren't UTF-8 are no word: the reader names their row and column. */
export function wordOf(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString('utf8') : Array.from(buffer.subarray(0, SHOWN_BYTES));
}
