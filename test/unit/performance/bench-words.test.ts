import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BENCH_PARTS } from '../../performance/bench-parts';
import { benchHelp, parseBenchWords } from '../../performance/bench-words';
import { replacePart } from '../../performance/measure/page';

const ROOT = resolve(__dirname, '../../..');
const parse = (...words: string[]) => parseBenchWords(words, ['a', 'b']);

describe('the words of npm run bench', () => {
  test('are a part and its options, or nothing for all parts', () => {
    expect(parse('b', '--rounds', '2')).toEqual({ help: false, parts: ['b'], args: ['--rounds', '2'] });
    expect(parse()).toEqual({ help: false, parts: ['a', 'b'], args: [] });
    expect(parse('--check', '--force')).toEqual({ help: false, parts: ['a', 'b'], args: ['--check', '--force'] });
  });

  test.each([[['--help']], [['-h']]])('ask for help with %p, of all parts or of one', (words) => {
    expect(parse(...words)).toEqual({ help: true, parts: ['a', 'b'], args: [] });
    expect(parse('a', ...words)).toEqual({ help: true, parts: ['a'], args: [] });
  });

  test('name a part that there is, and one for an option of its own', () => {
    expect(() => parse('c')).toThrow('no such part, got c; choose from a, b, or name none to run them all');
    expect(() => parse('toString')).toThrow('no such part');
    expect(() => parse('--rounds', '2')).toThrow('got --rounds 2; name the part: npm run bench -- a --rounds 2');
  });
});

describe('parts of the bench', () => {
  test.each(Object.keys(BENCH_PARTS))('%s has a place in the page, and help for every option', async (name) => {
    const part = await BENCH_PARTS[name]?.();
    if (!part) throw new Error(name);
    expect(replacePart(readFileSync(join(ROOT, 'docs/performance.md'), 'utf8'), name, 'x')).toContain('\nx\n');
    const help = benchHelp({ [name]: part });
    expect(help).toContain(`npm run bench -- ${name} [options]`);
    const place = { root: ROOT, directory: '', say: () => {} };
    const refused = await part.run(['--no-such-option'], place).then(String, String);
    const taken = refused.match(/--[a-z]+(?=,|\b)/g) ?? [];
    for (const option of ['--rounds', '--only', '--check', '--json', '--force']) expect(taken).toContain(option);
    for (const option of taken.filter((word) => !['--no', '--help'].includes(word))) {
      expect(help).toMatch(new RegExp(`^  ${option}\\b`, 'm'));
    }
  });
});
