import { assemble, splitIntoPayloads } from '../../../../../../local/sagemaker/job/transform/payloads';

type Props = Parameters<typeof splitIntoPayloads>[2];

function split(text: string, props: Partial<Props> = {}): string[] {
  const all: Props = { splitType: 'Line', strategy: 'MultiRecord', maxPayloadBytes: 6, ...props };
  return splitIntoPayloads(Buffer.from(text), 's3://b/in', all).map(String);
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

describe('answers', () => {
  test('are put together as they are, or a line each', () => {
    const answers = ['a', 'b\n', ''].map((text) => Buffer.from(text));
    expect(String(assemble(answers, 'None'))).toBe('ab\n');
    expect(String(assemble(answers, 'Line'))).toBe('a\nb\n\n');
  });
});
