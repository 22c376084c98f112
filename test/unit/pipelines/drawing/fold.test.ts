import { fold } from '../../../../pipelines/drawing/fold';

describe('folded text', () => {
  test('fills 80 columns and not one more', () => {
    expect(fold('', '', `${'a'.repeat(40)} ${'b'.repeat(39)}`)).toHaveLength(1);
    expect(fold('', '', `${'a'.repeat(40)} ${'b'.repeat(40)}`)).toEqual(['a'.repeat(40), 'b'.repeat(40)]);
  });

  test('breaks a word that fills more than a line, at the last column', () => {
    expect(fold('', '', 'a'.repeat(80))).toEqual(['a'.repeat(80)]);
    expect(fold('', '', 'a'.repeat(81))).toEqual(['a'.repeat(80), 'a']);
  });

  test('begins its lines with what stands before them', () => {
    expect(fold('name: ', '      ', `${'a'.repeat(70)} bbbb`)).toEqual([`name: ${'a'.repeat(70)}`, '      bbbb']);
  });

  test('begins on a line of its own where too few columns are left for a long word', () => {
    expect(fold('x'.repeat(70), '  ', 'a'.repeat(78))).toEqual(['x'.repeat(70), `  ${'a'.repeat(78)}`]);
  });

  test('leaves no spaces at the ends of lines', () => {
    expect(fold('name  ', '', '')).toEqual(['name']);
  });
});
