import { faultsOfSteps, job } from './faults-of';

const of = (...parameters: readonly object[]) => faultsOfSteps([job('A')], parameters);

describe('a parameter', () => {
  test.each([
    ['String', ''],
    ['String', 'x'.repeat(1024)],
    ['Integer', 0],
    ['Integer', -1],
    ['Float', 1],
    ['Float', 0.5],
    ['Boolean', false],
  ])('of type %s may have the default %p', (Type, DefaultValue) => {
    expect(of({ Name: 'P', Type, DefaultValue })).toEqual([]);
  });

  test.each([
    ['String', 1, 'a string, got 1'],
    ['Integer', '1', 'a whole number, got "1"'],
    ['Integer', 1.5, 'a whole number, got 1.5'],
    ['Integer', Number.NaN, 'a whole number, got NaN'],
    ['Float', '0.5', 'a number, got "0.5"'],
    ['Float', Number.NaN, 'a number, got NaN'],
    ['Float', Number.POSITIVE_INFINITY, 'a number, got Infinity'],
    ['Boolean', 'true', 'a boolean, got "true"'],
    ['Boolean', 0, 'a boolean, got 0'],
  ])("of type %s can't have the default %p", (Type, DefaultValue, wanted) => {
    expect(of({ Name: 'P', Type, DefaultValue })).toEqual([
      `Parameters.P.DefaultValue: must be ${wanted}; change it, or the type`,
    ]);
  });

  test('needs no default', () => {
    expect(of({ Name: 'P', Type: 'String' })).toEqual([]);
  });

  test('has a default of at most 1024 characters', () => {
    expect(of({ Name: 'P', Type: 'String', DefaultValue: 'x'.repeat(1025) })).toEqual([
      'Parameters.P.DefaultValue: must have at most 1024 characters, got 1025; shorten it',
    ]);
  });

  test.each(['Text', '', 'constructor'])("can't be of type %p", (Type) => {
    expect(of({ Name: 'P', Type })).toEqual([
      `Parameters.P.Type: must be one of String, Integer, Float, Boolean, got "${Type}"; choose one of them`,
    ]);
  });

  test.each(['', 'a b', 'a.b', 'x'.repeat(65)])("can't be called %p", (Name) => {
    expect(of({ Name, Type: 'String' })).toEqual([
      `Parameters.${Name}: a name is 1 to 64 letters, digits, hyphens and underscores, got "${Name}"; rename it`,
    ]);
  });

  test('has a name of its own', () => {
    expect(of({ Name: 'P', Type: 'String' }, { Name: 'P', Type: 'Float' })).toEqual([
      'Parameters.P: the names of parameters are unique, got two; rename one, or keep one of the two',
    ]);
  });

  test('may list its values, if they are strings and the default is among them', () => {
    const text = { Name: 'P', Type: 'String', EnumValues: ['a', 'b'] };
    expect(of({ ...text, DefaultValue: 'b' })).toEqual([]);
    expect(of({ ...text, DefaultValue: 'c' })).toEqual([
      'Parameters.P.DefaultValue: must be one of a, b, got "c"; choose one of them',
    ]);
    expect(of({ ...text, EnumValues: [] })).toEqual([
      'Parameters.P.EnumValues: must hold at least one value, got none; add one, or leave them out',
    ]);
    expect(of({ ...text, Type: 'Integer' })).toEqual([
      'Parameters.P.EnumValues: only String parameters have them, got Integer; leave them out',
    ]);
  });

  test('is one of 200 at most', () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ Name: `P${index}`, Type: 'String' }));
    expect(of(...many.slice(1))).toEqual([]);
    expect(of(...many)).toEqual(['Parameters: must be at most 200, got 201; make some of them literals']);
  });
});
