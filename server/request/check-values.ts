import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { varint } from './check-thrift';

/** Packed runs are padded to groups of 8 values, of which some writers have room for 63 more. */
const PADDING = 512;
/** Values of a part of a block of differences are a multiple of it, so that each part ends with a byte. */
const PART = 32;

interface Reader {
  readonly view: DataView;
  offset: number;
}

const next = (reader: Reader): number => {
  const { value, end } = varint(reader.view, reader.offset);
  reader.offset = end;
  return value;
};

/**
 * Walks over runs of values before hyparquet reads them, which writes as many as a run says, however few there are.
 * @param width bits of a value
 * @returns how many of them are 1, for levels of one bit
 * @throws Error if a run is longer than all of them
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function checkRuns(reader: Reader, width: number, count: number): number {
  const { view } = reader;
  let seen = 0;
  let ones = 0;
  while (seen < count) {
    const head = next(reader);
    const isPacked = head % 2 === 1;
    const size = Math.floor(head / 2) * (isPacked ? 8 : 1);
    const left = count - seen;
    if (size > left + (isPacked ? PADDING : 0)) throw new Error(`a run of ${size} values where ${left} are left`);
    if (isPacked) {
      const bits = width === 1 ? Math.min(size, left) : 0;
      for (let bit = 0; bit < bits; bit += 1) ones += (view.getUint8(reader.offset + (bit >> 3)) >> (bit & 7)) & 1;
      // The reader takes the first byte of none as well.
      reader.offset += Math.max(1, (size / 8) * width);
    } else {
      if (width === 1 && view.getUint8(reader.offset) === 1) ones += size;
      reader.offset += (width + 7) >> 3;
    }
    seen += size;
  }
  return ones;
}

/**
 * The same of differences, of which the reader reads numbers of any length.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 */
export function checkDeltas(reader: Reader, count: number): void {
  const { view } = reader;
  const blockSize = next(reader);
  const miniblocks = next(reader);
  next(reader);
  next(reader);
  const inMiniblock = blockSize / miniblocks;
  if (!(inMiniblock >= PART && inMiniblock % PART === 0)) {
    throw new Error(`blocks of ${blockSize} values in ${miniblocks}`);
  }
  for (let seen = 1; seen < count; ) {
    next(reader);
    const widths = reader.offset;
    reader.offset += miniblocks;
    if (reader.offset > view.byteLength) throw new Error(`blocks of ${miniblocks} parts`);
    for (let part = 0; part < miniblocks && seen < count; part += 1) {
      reader.offset += (inMiniblock * view.getUint8(widths + part)) / 8;
      seen += inMiniblock;
    }
  }
}

/** Words that begin as those before them: a page of them may unpack to its square. */
export function checkPrefixes(reader: Reader, count: number, mostBytes: number): void {
  let bytes = 0;
  for (const _ of ['prefixes', 'suffixes']) {
    const start = reader.offset;
    checkDeltas(reader, count);
    const lengths = new Int32Array(count);
    deltaBinaryUnpack({ view: reader.view, offset: start }, count, lengths);
    for (const length of lengths) {
      if (length < 0) throw new Error(`a word of ${length} bytes`);
      bytes += length;
    }
  }
  if (bytes > mostBytes) throw new Error(`words of ${bytes} bytes`);
}
