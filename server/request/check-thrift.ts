const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** A whole number of 64 bits, seven bits a byte. */
const VARINT_BYTES = 10;
/** A footer has seven structures and lists within one another. */
const DEEPEST = 32;
/** The names of a schema and what a file says of itself lie above it, the least and the most of a column below. */
const STATISTICS_DEPTH = 4;
/** Arrow writes none that are longer; a decimal takes the square of its length to read. */
const LONGEST_STATISTIC = 4096;

/**
 * Walks over a structure of Thrift's compact protocol before hyparquet reads it, which makes room for as many elements as a
 * list says it has, and reads numbers of any length.
 * @returns where it ends
 * @throws Error if it isn't whole, or holds what no Parquet file does
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function checkThrift(view: DataView, start: number): number {
  let at = start;
  // Each takes a byte at least.
  let elements = view.byteLength - start;

  const struct = (depth: number): void => {
    if (depth > DEEPEST) throw new Error('structures nested too deeply');
    for (;;) {
      const field = view.getUint8(at++);
      const type = field & 0x0f;
      if (type === STOP) return;
      if (field >> 4 === 0) at = varint(view, at).end;
      element(type, depth);
    }
  };
  const list = (depth: number): void => {
    if (depth > DEEPEST) throw new Error('lists nested too deeply');
    const head = view.getUint8(at++);
    const type = head & 0x0f;
    let size = head >> 4;
    if (size === 0x0f) ({ value: size, end: at } = varint(view, at));
    elements -= size;
    if (elements < 0) throw new Error(`a list of ${size}`);
    if (type === TRUE || type === FALSE) at += size;
    else for (let index = 0; index < size; index += 1) element(type, depth);
  };
  const element = (type: number, depth: number): void => {
    switch (type) {
      case TRUE:
      case FALSE:
        return;
      case BYTE:
        at += 1;
        return;
      case I16:
      case I32:
      case I64:
        at = varint(view, at).end;
        return;
      case DOUBLE:
        at += 8;
        return;
      case BINARY: {
        const { value: length, end } = varint(view, at);
        at = end + length;
        if (at > view.byteLength) throw new Error(`${length} bytes behind its end`);
        if (depth > STATISTICS_DEPTH && length > LONGEST_STATISTIC)
          throw new Error(`${length} bytes of a column's least`);
        return;
      }
      case LIST:
        return list(depth + 1);
      case STRUCT:
        return struct(depth + 1);
      default:
        throw new Error(`a field of the type ${type}`);
    }
  };
  struct(1);
  return at;
}

/** @throws RangeError behind the end of the view, Error if it has more bytes than a number needs */
export function varint(view: DataView, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < start + VARINT_BYTES; at += 1) {
    const byte = view.getUint8(at);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 128;
  }
  throw new Error(`a number of more than ${VARINT_BYTES} bytes`);
}
