import { parseInferRequest } from '../../../server/inference-protocol/infer-request';
import { tensorSource } from '../../../server/inference-protocol/tensor-source';
import type { Column } from '../../../server/model/column';

const columns: readonly Column[] = [{ name: 'hour', kind: 'number', type: 'float64', required: true }];
const HOUR = { name: 'hour', shape: [1], datatype: 'FP64', data: [1] };
const MANY = 300_000;

describe('a request of the Open Inference Protocol', () => {
  test.each<[string, unknown, string]>([
    ['inputs', { inputs: Array(MANY).fill(1) }, 'at inputs.0;'],
    ['sizes', { inputs: [{ ...HOUR, shape: Array(MANY).fill(-1) }] }, 'at inputs.0.shape.0;'],
    ['outputs', { inputs: [HOUR], outputs: Array.from({ length: MANY }, () => ({})) }, 'at outputs.0.name;'],
  ])('with many wrong %s is refused by the first', (_, content, message) => {
    expect(() => parseInferRequest(content)).toThrow(message);
  });

  test('is told a few inputs that are no columns, however many there are', () => {
    const tensor = { ...HOUR, cells: [1] };
    const others = Array.from({ length: 10_000 }, (_, index) => ({ ...tensor, name: `x${index}` }));
    const told = (): string => {
      try {
        tensorSource([...others, tensor], columns);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(told()).toContain('input x0: is no column of the model');
    expect(told().length).toBeLessThan(2000);
    expect(() =>
      tensorSource(
        Array.from({ length: 10 }, () => tensor),
        columns,
      ),
    ).toThrow('input hour: must be given once, got it twice');
  });
});
