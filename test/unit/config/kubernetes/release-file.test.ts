import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readReleases, releaseText } from '../../../../config/kubernetes/release-file';
import { release } from './smallest';

const root = mkdtempSync(join(tmpdir(), 'releases-'));
mkdirSync(join(root, 'config/releases'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

function read(text: string) {
  writeFileSync(join(root, 'config/releases/dev.json'), text);
  return readReleases('dev', root);
}

describe('the file of releases', () => {
  test('holds what was written', () => {
    const releases = { churn: { stable: release() }, basket: {} };
    expect(read(releaseText(releases))).toEqual(releases);
  });

  test('reads the same whatever the order, one value a line, and ends with a line', () => {
    const one = releaseText({ basket: {}, churn: { stable: release() } });
    expect(releaseText({ churn: { stable: release() }, basket: {} })).toBe(one);
    expect(one).toMatch(/^\{\n {2}"basket": \{\},\n {2}"churn": \{\n[^]*\n\}\n$/);
  });

  test.each([
    ['{', 'config/releases/dev.json: must be JSON, got '],
    ['', 'config/releases/dev.json: must be JSON, got '],
    ['[]', 'config/releases/dev.json: must be an object of releases by model, got []; write {} into it'],
    ['null', 'must be an object of releases by model, got null'],
  ])('is refused with %p in it', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('is asked for where there is none', () => {
    expect(() => readReleases('nowhere', root)).toThrow(
      /^config\/releases\/nowhere\.json: holds what nowhere serves, got ENOENT.*; create it with \{\} for each model/,
    );
  });
});
