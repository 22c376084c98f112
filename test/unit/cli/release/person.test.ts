import { personName } from '../../../../cli/release/person';

describe('the name of whoever decides', () => {
  test('is that of the system unless another is given', () => {
    expect(personName(undefined, () => 'ada')).toBe('ada');
    expect(personName(' Grace ', () => 'ada')).toBe('Grace');
  });

  test('may have 256 characters', () => {
    expect(personName('é'.repeat(256), () => '')).toHaveLength(256);
  });

  test.each([
    [undefined, ''],
    ['', 'ada'],
    ['CORP\\ada', 'ada'],
    ['x'.repeat(257), 'ada'],
  ])('can not be %p where the system says %p', (by, user) => {
    expect(() => personName(by, () => user)).toThrow('--by: must be 1 to 256 letters, digits, spaces and');
  });
});
