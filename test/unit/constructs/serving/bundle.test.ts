import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { bundle } from '../../../../constructs/serving/bundle';

jest.mock('esbuild', () => ({ ...jest.requireActual<typeof esbuild>('esbuild'), buildSync: jest.fn() }));
const build = jest.mocked(esbuild.buildSync);

describe('a bundle', () => {
  let root: string;
  let kept: string;
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  const made = (options: esbuild.BuildOptions = {}) =>
    bundle(
      'it',
      { logLevel: 'silent', entryPoints: [{ in: join(root, 'main.ts'), out: 'main' }], ...options },
      kept,
    ).get('main.js');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bundle-'));
    kept = join(root, 'kept');
    mkdirSync(join(root, 'node_modules'));
    write(
      'main.ts',
      "import { word } from './word'; import { name } from './node_modules/name.js'; console.log(word + name);",
    );
    write('word.ts', "export const word: string = 'good';");
    write('node_modules/name.js', "export const name = 'day';");
    build.mockReset().mockImplementation(jest.requireActual<typeof esbuild>('esbuild').buildSync);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('is built once, and the same when it comes from where it is kept', () => {
    const first = made();
    expect(first).toMatch(/good.*day/s);
    expect(made()).toBe(first);
    expect(build).toHaveBeenCalledTimes(1);
    expect(readdirSync(kept)).toEqual(['it.json']);
  });

  test.each(['word.ts', 'node_modules/name.js'])('is built anew when %s changes', (name) => {
    made();
    write(name, readFileSync(join(root, name), 'utf8').replace(/good|day/, 'another'));
    expect(made()).toContain('another');
  });

  test('is built anew when a file that was in it is gone, and fails as esbuild does', () => {
    made();
    rmSync(join(root, 'word.ts'));
    expect(() => made()).toThrow('Could not resolve "./word"');
  });

  test('is built anew with other options', () => {
    made();
    expect(made({ define: { 'console.log': 'alert' } })).toContain('alert');
  });

  test.each(['', '{"settings":', 'null', '{}'])('is built anew where what is kept reads %p', (text) => {
    const first = made();
    writeFileSync(join(kept, 'it.json'), text);
    expect(made()).toBe(first);
    expect(build).toHaveBeenCalledTimes(2);
  });

  test("is built all the same where it can't be kept", () => {
    writeFileSync(kept, 'a file in the way');
    expect(made()).toMatch(/good/);
    expect(made()).toMatch(/good/);
    expect(build).toHaveBeenCalledTimes(2);
  });
});
