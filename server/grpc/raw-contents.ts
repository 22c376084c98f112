import { InvalidInputError } from '../../core/invalid-input-error';
import type { RequestTensor } from '../inference-protocol/tensor-source';
import type { Output } from '../model/prediction';
import { gapIfNaN, wordOf } from './tensor-contents';

/** Before each word of a tensor of words: how many bytes it has. */
const LENGTH_BYTES = 4;

type Read = (view: DataView, at: number) => number | bigint;

const READERS: Readonly<Record<string, { readonly size: number; readonly read: Read }>> = {
  INT8: { size: 1, read: (view, at) => view.getInt8(at) },
  INT16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  INT32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  INT64: { size: 8, read: (view, at) => view.getBigInt64(at, true) },
  UINT8: { size: 1, read: (view, at) => view.getUint8(at) },
  UINT16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  UINT32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  UINT64: { size: 8, read: (view, at) => view.getBigUint64(at, true) },
  FP16: { size: 2, read: (view, at) => halfOf(view.getUint16(at, true)) },
  FP32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  FP64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
};

/**
 * The cells of a raw tensor: little-endian, one behind the other; words with their length before them. NaN is a gap.
 * A datatype that no column has gives no cells.
 * @throws InvalidInputError if the bytes don't divide into cells
 */
export function cellsOfRaw(name: string, datatype: string, raw: Uint8Array): RequestTensor['cells'] {
  const where = `input ${name.slice(0, 40)}`;
  if (datatype === 'BYTES') return wordsOfRaw(where, raw);
  const reader = Object.hasOwn(READERS, datatype) ? READERS[datatype] : undefined;
  if (!reader) return [];
  const { size, read } = reader;
  if (raw.length % size !== 0) {
    throw new InvalidInputError(where, `must have ${size} bytes a value, got ${raw.length}`, 'correct it');
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.length / size }, (_, row) => {
    const cell = read(view, row * size);
    return typeof cell === 'number' ? gapIfNaN(cell) : cell;
  });
}

function wordsOfRaw(where: string, raw: Uint8Array): unknown[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const words: unknown[] = [];
  for (let at = 0; at < raw.length; ) {
    const start = at + LENGTH_BYTES;
    const end = start <= raw.length ? start + view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (end > raw.length) {
      const problem = `must have each word's length in ${LENGTH_BYTES} bytes before it, got another at byte ${at}`;
      throw new InvalidInputError(where, problem, 'correct it');
    }
    words.push(wordOf(raw.subarray(start, end)));
    at = end;
  }
  return words;
}

/** The cells of an output as raw bytes. This machine is little-endian, as all are that the runtime has a build for. */
export function rawOf({ cells }: Output): Buffer {
  if (ArrayBuffer.isView(cells)) return Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength);
  return Buffer.concat(
    cells.flatMap((cell) => {
      const word = Buffer.from(cell);
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(word.length);
      return [length, word];
    }),
  );
}

const FRACTION = 1024;

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return (sign * fraction * 2 ** -14) / FRACTION;
  return sign * 2 ** (exponent - 15) * (1 + fraction / FRACTION);
}
