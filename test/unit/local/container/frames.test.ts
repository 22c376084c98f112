import { array, assert, integer, property, string } from 'fast-check';
import { FrameReader, frame } from '../../../../local/container/frames';

const text = string({ unit: 'binary' }).map((one) => one.replaceAll('\0', ''));
const message = array(text, { minLength: 1 });

describe('a message of several texts', () => {
  test('is read as it was written, whatever pieces it comes in', () => {
    assert(
      property(array(message), integer({ min: 1, max: 9 }), (messages, size) => {
        const stream = Buffer.concat(messages.map(frame));
        const reader = new FrameReader();
        const found: (readonly string[])[] = [];
        for (let at = 0; at < stream.length; at += size) found.push(...reader.read(stream.subarray(at, at + size)));
        expect(found).toEqual(messages.map((one) => one.map((each) => Buffer.from(each).toString())));
      }),
    );
  });
});
