export interface ProtobufField {
  readonly number: number;
  /** Of a field with a length; empty for a number. */
  readonly bytes: Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/** The top level of a message, up to the first thing that isn't one. @returns whether that was its end */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField, boolean> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    let bytes = message.subarray(0, 0);
    if (wire === VARINT) varint();
    else if (wire === FIXED_64) at += 8;
    else if (wire === FIXED_32) at += 4;
    else if (wire === LENGTH) {
      const length = varint();
      if (!(at + length <= message.length)) return false;
      bytes = message.subarray(at, at + length);
      at += length;
    } else return false;
    yield { number, bytes };
  }
  return at === message.length;
}
