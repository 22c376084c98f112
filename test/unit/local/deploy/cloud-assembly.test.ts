import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from '../../../../local/deploy/cloud-assembly';

describe('a cloud assembly', () => {
  const root = mkdtempSync(join(tmpdir(), 'assembly-'));
  const write = (file: string, content: object) => writeFileSync(join(root, file), JSON.stringify(content));

  beforeAll(() => {
    mkdirSync(join(root, 'assembly-local'));
    const properties = { directoryName: 'assembly-local', displayName: 'local' };
    write('manifest.json', { artifacts: { local: { type: 'cdk:cloud-assembly', properties } } });
    write('assembly-local/manifest.json', {
      artifacts: { assets: { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } } },
    });
    write('assembly-local/assets.json', {
      dockerImages: {
        hash: {
          source: {
            directory: 'asset.hash',
            dockerFile: 'images/x/Dockerfile',
            dockerBuildArgs: { BASE: 'python:3.11' },
          },
          destinations: { here: { imageTag: 'hash' } },
        },
      },
    });
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test('names its images with all that builds them', () => {
    expect(new CloudAssembly(root, 'local').images).toEqual([
      {
        tag: 'hash',
        context: join(root, 'assembly-local', 'asset.hash'),
        file: 'images/x/Dockerfile',
        buildArguments: { BASE: 'python:3.11' },
      },
    ]);
  });

  test('of another stage is refused', () => {
    expect(() => new CloudAssembly(root, 'prod')).toThrow(`${root}: has no stage prod, got local; check bin/mlops.ts`);
  });
});
