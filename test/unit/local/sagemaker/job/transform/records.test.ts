import * as fc from 'fast-check';
import { recordsOf } from '../../../../../../local/sagemaker/job/transform/records';

const MAGIC = Buffer.from([0x0a, 0x23, 0xd7, 0xce]);

function part(data: Buffer, kind: number): Buffer {
  const header = Buffer.alloc(8);
  MAGIC.copy(header);
  header.writeUInt32LE(((kind << 29) | data.length) >>> 0, 4);
  return Buffer.concat([header, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

/** As MXNet writes it: data with the magic in it at a multiple of four goes in parts. */
function recordIo(data: Buffer): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (let position = 0; position + 4 <= data.length; position += 4)
    if (data.subarray(position, position + 4).equals(MAGIC)) {
      parts.push(data.subarray(start, position));
      start = position + 4;
    }
  parts.push(data.subarray(start));
  const last = parts.length - 1;
  const kind = (index: number) => (last === 0 ? 0 : index === 0 ? 1 : index === last ? 3 : 2);
  return Buffer.concat(parts.map((one, index) => part(one, kind(index))));
}

function tfRecord(data: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([header, data, Buffer.alloc(4)]);
}

const bytes = fc.uint8Array({ maxLength: 30 }).map((list) => Buffer.from(list));
const withMagic = fc.array(fc.oneof(fc.constant(MAGIC), bytes), { maxLength: 4 }).map((list) => Buffer.concat(list));

describe.each([
  ['RecordIO', recordIo],
  ['TFRecord', tfRecord],
] as const)('an object of %s', (splitType, write) => {
  test('gives its records as they are, or what is in them', () => {
    fc.assert(
      fc.property(fc.array(withMagic, { maxLength: 6 }), (list) => {
        const body = Buffer.concat(list.map(write));
        expect(recordsOf(body, 'o', splitType, false)).toEqual(list.map(write));
        expect(recordsOf(body, 'o', splitType, true)).toEqual(list);
      }),
    );
  });

  test('that is cut off or something else is refused, by the place', () => {
    const one = write(Buffer.from('a record'));
    const cut = Buffer.concat([one, one.subarray(0, -1)]);
    expect(() => recordsOf(cut, 's3://b/o', splitType, false)).toThrow(
      `s3://b/o: is not ${splitType}, got something else at byte ${one.length}; correct SplitType`,
    );
    expect(() => recordsOf(Buffer.from('1,2,3\n4,5,6\n'), 'o', splitType, true)).toThrow('at byte 0');
    expect(() => recordsOf(one.subarray(0, 3), 'o', splitType, true)).toThrow('at byte 0');
    expect(recordsOf(Buffer.alloc(0), 'o', splitType, true)).toEqual([]);
  });
});

test('a record of RecordIO whose parts are out of order is refused', () => {
  for (const kinds of [[3], [2, 3], [1, 0], [1], [1, 2], [0, 2], [4]]) {
    const body = Buffer.concat(kinds.map((kind) => part(Buffer.from('data'), kind)));
    expect(() => recordsOf(body, 'o', 'RecordIO', true)).toThrow('is not RecordIO');
  }
});
