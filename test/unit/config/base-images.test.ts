import { baseImages, defineBaseImages } from '../../../config/base-images';

const digest = `@sha256:${'0a'.repeat(32)}`;

describe('base images in config/base-images.ts', () => {
  test.each(['python:3.11', `python:3.11-slim${digest}`, `registry.example:5000/mirror/python:3.11.9-slim${digest}`])(
    'may be %s',
    (python) => {
      expect(defineBaseImages({ ...baseImages, python }).python).toBe(python);
    },
  );

  test.each([
    'python',
    'python:3.12-slim',
    'python:3.110',
    'mypython:3.11',
    `python:3.11${digest}0`,
    'python:3.11@sha256:',
    '',
  ])('may not be %p: the lock files are for another version, or the digest is none', (python) => {
    expect(() => defineBaseImages({ ...baseImages, python })).toThrow(
      `config/base-images.ts: python: must be python:3.11 of any registry, with or without a digest, got ${python}; write it as python:3.11-slim@sha256:…`,
    );
  });

  test('are refused together', () => {
    expect(() => defineBaseImages({ python: 'debian', node: 'node:20' })).toThrow(
      /2 problems[^]*python: must be python:3\.11[^]*node: must be node:24 of any registry.*got node:20/,
    );
  });
});
