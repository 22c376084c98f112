import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { baseImages } from '../../../../config/base-images';
import { parseDockerfile } from '../../../../local/image/dockerfile';

const root = resolve(__dirname, '../../../..');
const parse = (text: string) => parseDockerfile('Dockerfile', text);
const NODE = [
  'FROM registry.example/node:24-slim',
  'COPY package-lock.json /opt/program/package-lock.json',
  'RUN npm ci --omit=dev && rm -rf node_modules/x',
  'COPY . /opt/program',
];

describe('a Dockerfile without a container engine', () => {
  test("of the model server is Node's, installed from its lock file", () => {
    const file = resolve(root, 'server/image/Dockerfile');
    expect(parseDockerfile(file, readFileSync(file, 'utf8'), { BASE: baseImages.node })).toEqual({
      language: 'node',
      lockFile: 'package-lock.json',
      environment: { NODE_ENV: 'production' },
    });
  });

  test("of the workloads is Python's", () => {
    const file = resolve(root, 'workloads/images/sklearn/Dockerfile');
    expect(parseDockerfile(file, readFileSync(file, 'utf8'), { BASE: baseImages.python })).toMatchObject({
      language: 'python',
    });
  });

  test('of Node takes npm ci, and of Python it does not', () => {
    expect(parse(NODE.join('\n'))).toMatchObject({ language: 'node', lockFile: 'package-lock.json' });
    expect(() => parse(NODE.join('\n').replace('node:24', 'python:3.11'))).toThrow(
      /RUN npm ci.*; install from one lock/,
    );
  });

  test.each([
    ['npm ci', 'npm install', /got RUN npm install/],
    ['COPY package-lock.json /opt/program/package-lock.json\n', '', /must install exactly one lock file/],
    ['node:24-slim', 'ubuntu:24.04', /must begin with Python/],
  ])('of Node is refused with %j as %j', (from, to, message) => {
    expect(() => parse(NODE.join('\n').replace(from, to))).toThrow(message);
  });

  test('takes its base from a build argument, with a digest or without, and needs one', () => {
    const text = ['ARG BASE', ...NODE].join('\n').replace('registry.example/node:24-slim', '${BASE}');
    for (const BASE of ['node:24-slim', `registry.example/node:24@sha256:${'a'.repeat(64)}`])
      expect(parseDockerfile('Dockerfile', text, { BASE })).toMatchObject({ language: 'node' });
    expect(() => parseDockerfile('Dockerfile', text, { BASE: 'ubuntu:24.04' })).toThrow(/must begin with Python/);
    expect(() => parse(text)).toThrow(/a build argument needs a value, got ARG BASE; pass --build-arg BASE=…/);
  });
});
