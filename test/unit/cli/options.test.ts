import { parseParameters, parsePort, parseSpeed } from '../../../cli/options';

describe('--port', () => {
  test.each(['1', '4566', '65535'])('takes %s', (text) => {
    expect(parsePort(text)).toBe(Number(text));
  });

  test.each(['0', '-1', '65536', '80.5', 'http', '', 'NaN'])('refuses %p', (text) => {
    expect(() => parsePort(text)).toThrow(
      `--port: must be a whole number from 1 to 65535, got ${text}; give a free port`,
    );
  });
});

describe('--speed', () => {
  test.each(['1', '1.5', '60', '120'])('takes %s', (text) => {
    expect(parseSpeed(text)).toBe(Number(text));
  });

  test.each(['0', '-1', '0.99', '120.1', 'fast', '', ' ', 'NaN', 'Infinity'])('refuses %p', (text) => {
    expect(() => parseSpeed(text)).toThrow(`--speed: must be a number from 1 to 120, got ${text}; 1 is real time`);
  });
});

describe('--set', () => {
  test('adds up, and keeps equals signs of the value', () => {
    expect(parseParameters('B=x=y', parseParameters('A=1'))).toEqual({ A: '1', B: 'x=y' });
  });

  test('takes an empty value', () => {
    expect(parseParameters('A=')).toEqual({ A: '' });
  });

  test.each(['A', '=1', 'a b=1', ''])('refuses %p', (text) => {
    expect(() => parseParameters(text)).toThrow('--set: must read name=value');
  });
});
