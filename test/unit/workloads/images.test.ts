import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POD_SECURITY } from '../../../charts/server/security';
import { baseImages } from '../../../config/base-images';
import { ModelSpec } from '../../../config/model-spec';
import { parseDockerfile } from '../../../local/image/dockerfile';
import { dockerfileFaults } from './dockerfile-faults';

const IMAGES = join(__dirname, '../../../workloads/images');
/** Those of jobs are SageMaker's, which runs them as root. */
const JOBS: readonly string[] = ModelSpec.shape.framework.options;
const SERVERS = readdirSync(IMAGES).filter((name) => !JOBS.includes(name));
const read = (...path: readonly string[]) => readFileSync(join(IMAGES, ...path), 'utf8');

/** A lock file as its packages: name, version, and how many hashes each has. */
function packages(
  lock: string,
): readonly { readonly name: string; readonly version: string; readonly hashes: number }[] {
  return lock
    .split(/\n(?=\S)/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const [, name = '', version = ''] = /^([a-z0-9-]+)==([^\s;]+)/.exec(block) ?? [];
      return { name, version, hashes: block.match(/--hash=sha256:[0-9a-f]{64}\b/g)?.length ?? 0 };
    });
}

describe.each(SERVERS)('the image %s', (image) => {
  const dockerfile = read(image, 'Dockerfile');

  test('is hardened', () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
  });

  test('serves by the framework that it is named after, as the user that the charts run it as', () => {
    expect(dockerfile).toContain(`    MODEL_SERVER=${image}\n`);
    expect(dockerfile).toContain(`USER ${POD_SECURITY.runAsUser}:${POD_SECURITY.runAsGroup}\n`);
    expect(dockerfile).toContain('ENTRYPOINT ["serve"]\n');
    expect(dockerfile).toContain(`COPY images/${image}/requirements.lock /tmp/requirements.lock\n`);
  });

  test('has every package by version and hash, and none that a server has no use for', () => {
    const locked = packages(read(image, 'requirements.lock'));
    expect(locked.length).toBeGreaterThan(10);
    for (const { name, version, hashes } of locked) {
      expect(`${name}==${version}`).toMatch(/^[a-z0-9-]+==\d/);
      expect(hashes).toBeGreaterThan(0);
    }
    const names = locked.map(({ name }) => name);
    for (const unwanted of ['mlflow-skinny', 'great-expectations', 'pyarrow', 'boto3']) {
      expect(names).not.toContain(unwanted);
    }
  });

  test('unpickles models with the versions that trained them', () => {
    const trained = packages(read('sklearn', 'requirements.lock')).map(({ name, version }) => `${name}==${version}`);
    const shared = packages(read(image, 'requirements.lock'))
      .filter(({ name }) => ['joblib', 'numpy', 'pandas', 'scikit-learn', 'scipy'].includes(name))
      .map(({ name, version }) => `${name}==${version}`);
    expect(shared.length).toBeGreaterThanOrEqual(5);
    expect(trained).toEqual(expect.arrayContaining(shared));
  });
});

test('there is an image for each server', () => {
  expect(SERVERS).toEqual(['django', 'fastapi', 'flask', 'python']);
});

describe('a Dockerfile is refused', () => {
  const good = read('flask', 'Dockerfile');
  const CHANGES: readonly (readonly [string, string | RegExp, string, string])[] = [
    ['for a base by tag', 'FROM ${BASE} AS packages', 'FROM python:3.11-slim AS packages', 'is not pinned'],
    ['for a default of the base', 'ARG BASE', 'ARG BASE=python:3.11-slim', 'BASE must have no default'],
    ['for ADD', 'COPY . /opt/program', 'ADD https://example.com/program.tar.gz /opt/program', 'ADD fetches'],
    [
      'for a shell in RUN',
      'RUN ["python", "-m", "venv", "/opt/venv"]',
      'RUN python -m venv /opt/venv',
      'needs a shell',
    ],
    ['for a shell in ENTRYPOINT', 'ENTRYPOINT ["serve"]', 'ENTRYPOINT serve', 'ENTRYPOINT serve needs a shell'],
    ['without an ENTRYPOINT', 'ENTRYPOINT ["serve"]', '', 'there must be one ENTRYPOINT'],
    ['for packages of any hash', '"--require-hashes", ', '', 'takes packages of any hash'],
    ['for packages that are built', '"--only-binary=:all:", ', '', "runs the packages' own scripts"],
    ['for the modes of a clone', 'RUN ["chmod", "-R", "a+rX", "/opt/program"]', '', 'the modes of whoever cloned'],
    ['without a user', 'USER 10001:10001', '', 'the last USER'],
    ['for root', 'USER 10001:10001', 'USER 0:0', 'the last USER'],
    ['for a user by name', 'USER 10001:10001', 'USER nobody', 'the last USER'],
    ['for root after another user', 'EXPOSE 8080', 'USER 0:0', 'the last USER'],
    [
      'without the commit',
      /org.opencontainers.image.revision=\S+/,
      'a=b',
      'no label org.opencontainers.image.revision',
    ],
    ['without the version of the data', /mlops-stack.data-version=\S+/, 'a=b', 'no label mlops-stack.data-version'],
    ['for latest', 'EXPOSE 8080', '# python:latest\nEXPOSE 8080', 'latest is'],
  ];
  test.each(CHANGES)('%s', (_, from, to, fault) => {
    const changed = good.replace(from, to);
    expect(changed).not.toBe(good);
    expect(dockerfileFaults(changed)).toEqual([expect.stringContaining(fault)]);
  });
});

describe.each(JOBS)('the image %s', (image) => {
  const locked = packages(read(image, 'requirements.lock'));

  test('is one that the laptop can stand for, and installs its own lock file by hash', () => {
    expect(parseDockerfile(image, read(image, 'Dockerfile'), { BASE: baseImages.python }).lockFile).toBe(
      `images/${image}/requirements.lock`,
    );
    expect(read(image, 'Dockerfile')).toContain('--require-hashes');
    expect(locked.filter(({ hashes }) => hashes === 0)).toEqual([]);
  });

  test('has what scripts of all workloads need, at the versions of the image sklearn', () => {
    const needed = packages(read('sklearn', 'requirements.lock')).map(({ name, version }) => `${name}==${version}`);
    expect(locked.map(({ name, version }) => `${name}==${version}`)).toEqual(expect.arrayContaining(needed));
  });
});
