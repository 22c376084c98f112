import { writeAnswer } from '../../../server/answer/write-answer';
import { CSV, JSON_LINES, JSON_TYPE } from '../../../server/media-types';
import type { Output } from '../../../server/model/prediction';

const written = (output: Output, type: typeof CSV | typeof JSON_LINES | typeof JSON_TYPE) =>
  writeAnswer({ rows: 2, outputs: [output] }, type);

test('what is true or false is written as JSON has it, and as 1 or 0 in CSV', () => {
  const late: Output = { name: 'late', type: 'bool', width: 1, cells: Uint8Array.of(0, 1) };
  expect(written(late, JSON_TYPE)).toBe('{"predictions":[{"late":false},{"late":true}]}');
  expect(written(late, JSON_LINES)).toBe('{"late":false}\n{"late":true}\n');
  expect(written(late, CSV)).toBe('0\n1\n');
  const both: Output = { ...late, width: 2, cells: Uint8Array.of(0, 1, 1, 0) };
  expect(written(both, JSON_LINES)).toBe('{"late":[false,true]}\n{"late":[true,false]}\n');
});

test('whole numbers of 64 bits are written to the last digit', () => {
  const cells = BigInt64Array.of(2n ** 53n + 1n, -(2n ** 63n));
  expect(written({ name: 'y', type: 'int64', width: 1, cells }, JSON_LINES)).toBe(
    '{"y":9007199254740993}\n{"y":-9223372036854775808}\n',
  );
});
