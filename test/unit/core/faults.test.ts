import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';

describe('Faults', () => {
  test('says nothing while nothing is wrong', () => {
    expect(() => new Faults().throwIfAny('here')).not.toThrow();
  });

  test('throws a single fault as it was added', () => {
    const faults = new Faults();
    faults.add('a.b', 'must be even, got 3', 'add one');
    expect(() => faults.throwIfAny('here')).toThrow(new InvalidInputError('a.b', 'must be even, got 3', 'add one'));
  });

  test('throws several faults together, under the place that was checked', () => {
    const faults = new Faults();
    faults.add('a', 'got 1', 'use 2');
    faults.add('b', 'got 3', 'use 4');
    expect(() => faults.throwIfAny('file')).toThrow(
      'file: 2 problems\n  a: got 1; use 2\n  b: got 3; use 4\n; fix each of them',
    );
  });

  test.each([0, -1, 51, Number.NaN, Number.POSITIVE_INFINITY])('finds %d outside 1 to 50', (value) => {
    const faults = new Faults();
    faults.requireRange('share', value, [1, 50], 'choose another');
    expect(faults.messages).toEqual([`share: must be 1 to 50, got ${value}; choose another`]);
  });

  test.each([1, 25.5, 50])('finds %d inside 1 to 50', (value) => {
    const faults = new Faults();
    faults.requireRange('share', value, [1, 50], 'choose another');
    expect(faults.messages).toEqual([]);
  });
});
