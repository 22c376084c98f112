import { definitionText, RawFloat } from '../../../../pipelines/sagemaker/raw-float';

describe('a raw float', () => {
  test.each([
    [2, '2.0'],
    [0, '0.0'],
    [-1, '-1.0'],
    [0.25, '0.25'],
    [1e21, '1e+21'],
  ])('of %d is written %s', (value, text) => {
    expect(definitionText({ a: [new RawFloat(value)] })).toBe(`{"a":[${text}]}`);
    expect(JSON.parse(text)).toBe(value);
  });

  test('leaves the rest of the text as JSON has it', () => {
    const definition = { number: 2, text: '2.0', list: [null, true], more: { cores: new RawFloat(4) } };
    expect(definitionText(definition)).toBe('{"number":2,"text":"2.0","list":[null,true],"more":{"cores":4.0}}');
  });

  test('keeps several of them apart', () => {
    expect(definitionText([new RawFloat(1), new RawFloat(2.5), new RawFloat(1)])).toBe('[1.0,2.5,1.0]');
  });
});
