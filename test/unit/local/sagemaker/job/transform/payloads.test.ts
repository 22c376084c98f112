import * as fc from 'fast-check';
import { assemble, payloadsOf } from '../../../../../../local/sagemaker/job/transform/payloads';
import { recordsOf, type SplitType } from '../../../../../../local/sagemaker/job/transform/records';

type Props = Parameters<typeof payloadsOf>[2] & { readonly splitType: SplitType };

function split(text: string, { splitType = 'Line', ...props }: Partial<Props> = {}): string[] {
  const all = { strategy: 'MultiRecord', maxPayloadBytes: 6, ...props } as const;
  const records = recordsOf(Buffer.from(text), 's3://b/in', splitType, all.strategy === 'SingleRecord');
  return payloadsOf(records, 's3://b/in', all).map(({ body }) => body.toString());
}

describe('an object that is split', () => {
  test('by line fills each payload as far as it goes', () => {
    expect(split('a\nb\nc\nd\n')).toEqual(['a\nb\nc\n', 'd\n']);
    expect(split('aaaaa\nb\n')).toEqual(['aaaaa\n', 'b\n']);
    expect(split('a\nb')).toEqual(['a\nb']);
  });

  test('by line has one payload a line where records go one by one', () => {
    expect(split('a\nb\r\nc', { strategy: 'SingleRecord' })).toEqual(['a\n', 'b\r\n', 'c']);
  });

  test('by line has no record for an empty line, and no payload for nothing', () => {
    expect(split('\na\n \n\nb\n', { strategy: 'SingleRecord' })).toEqual(['a\n', 'b\n']);
    expect(split('')).toEqual([]);
  });

  test('without a bound goes in one payload', () => {
    expect(split('a\nb\nc\nd\n', { maxPayloadBytes: Infinity })).toEqual(['a\nb\nc\nd\n']);
  });

  test('not at all goes as it is', () => {
    expect(split('a\n\nb', { splitType: 'None' })).toEqual(['a\n\nb']);
    expect(split('', { splitType: 'None' })).toEqual(['']);
  });

  test.each(['Line', 'None'] as const)('by %s is refused if a record is larger than a payload', (splitType) => {
    expect(split('123456', { splitType })).toEqual(['123456']);
    expect(() => split('1234567', { splitType })).toThrow(
      's3://b/in: a record has 7 bytes, a payload at most 6; raise MaxPayloadInMB',
    );
  });
});

describe('whatever the records and the bound', () => {
  const record = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes));
  const records = fc.array(record, { maxLength: 40 });

  test('a payload never exceeds the bound, no record is split, and the order is kept', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 20, max: 100 }), (list, maxPayloadBytes) => {
        const payloads = payloadsOf(list, 'o', { strategy: 'MultiRecord', maxPayloadBytes });
        expect(payloads.every(({ body }) => body.length <= maxPayloadBytes)).toBe(true);
        let next = 0;
        for (const { body, records: count } of payloads) {
          expect(body).toEqual(Buffer.concat(list.slice(next, next + count)));
          next += count;
        }
        expect(next).toBe(list.length);
        // The next payload begins only where the one before has no room for its first record.
        let begin = 0;
        const firsts = payloads.map(({ records: count }) => list[(begin += count) - count]?.length ?? 0);
        const full = payloads.slice(0, -1).map(({ body }, index) => body.length + (firsts[index + 1] ?? 0));
        expect(full.every((size) => size > maxPayloadBytes)).toBe(true);
      }),
    );
  });

  test('records that go alone are payloads of one', () => {
    fc.assert(
      fc.property(records, (list) => {
        const payloads = payloadsOf(list, 'o', { strategy: 'SingleRecord', maxPayloadBytes: 20 });
        expect(payloads).toEqual(list.map((body) => ({ body, records: 1 })));
      }),
    );
  });
});

describe('answers', () => {
  test('are put together as they are, or a line each', () => {
    const answers = ['a', 'b\n', ''].map((text) => Buffer.from(text));
    expect(String(assemble(answers, 'None'))).toBe('ab\n');
    expect(String(assemble(answers, 'Line'))).toBe('a\nb\n\n');
  });
});
