import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFiles } from '../../../charts/environment-files';
import { objectName } from '../../../charts/object-name';
import { writeFiles } from '../../../charts/write-files';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { kubernetesModel, plane, release } from '../config/kubernetes/smallest';
import { environment } from '../config/smallest';
import { filesOf } from './served';

describe('the files of an environment', () => {
  test('have a folder a model, and one for what they share', () => {
    expect(Object.keys(filesOf())).toEqual([
      'kustomization.yaml',
      '_platform/kustomization.yaml',
      '_platform/namespace.yaml',
      '_platform/network.yaml',
      'churn/kustomization.yaml',
      'churn/identity.yaml',
      'churn/network.yaml',
      'churn/service.yaml',
      'churn/deployment.yaml',
      'churn/autoscaling.yaml',
      'churn/disruption.yaml',
      'churn/monitoring.yaml',
      'churn/dashboard.yaml',
    ]);
  });

  test('are the same each time, whatever the order of the models', () => {
    const models = defineModels({ churn: kubernetesModel(), basket: kubernetesModel() });
    const files = (names: ('churn' | 'basket')[]) => {
      const releases = { churn: { stable: release() }, basket: { stable: release() } };
      const dev = environment(names, { planes: ['kubernetes'], kubernetes: plane({ releases }) });
      return environmentFiles('dev', defineEnvironments(models, { dev }).dev, models);
    };
    expect(Object.entries(files(['churn', 'basket']))).toEqual(Object.entries(files(['basket', 'churn'])));
  });

  test('have no model before its first release', () => {
    const files = filesOf({ plane: { releases: { churn: {} } } });
    expect(files['kustomization.yaml']).not.toContain('churn');
    expect(Object.keys(files)).not.toContain('churn/kustomization.yaml');
  });

  test('are none on SageMaker only', () => {
    const models = defineModels({ churn: kubernetesModel() });
    const { dev } = defineEnvironments(models, { dev: environment(['churn']) });
    expect(environmentFiles('dev', dev, models)).toEqual({});
  });

  test('name every image by its digest', () => {
    const images = Object.values(filesOf({ step: 1 })).flatMap((text) => text.match(/(image|reference): .+/g) ?? []);
    expect(images).toHaveLength(4);
    expect(images.every((image) => /@sha256:[0-9a-f]{64}$/.test(image))).toBe(true);
  });

  test('replace those of an earlier run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'charts-'));
    try {
      writeFiles(join(folder, 'dev'), { ...filesOf(), 'old/gone.yaml': 'a', 'kept.yaml': 'b' });
      writeFiles(join(folder, 'dev'), { ...filesOf(), 'kept.yaml': 'c' });
      expect(readFileSync(join(folder, 'dev/kept.yaml'), 'utf8')).toBe('c');
      expect(existsSync(join(folder, 'dev/old'))).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a folder that no run wrote', () => {
  let folder: string;
  let theirs: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'charts-'));
    theirs = join(folder, 'source.ts');
    writeFileSync(theirs, 'export {};');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is not emptied for manifests', () => {
    expect(() => writeFiles(folder, filesOf())).toThrow(
      `${folder}: is emptied before manifests are written, got a folder that holds something else`,
    );
    expect(readdirSync(folder)).toEqual(['source.ts']);
  });

  test('is left alone where there are none: an environment may be called like it', () => {
    writeFiles(folder, {});
    expect(existsSync(theirs)).toBe(true);
  });

  test('may have a kustomization of its own', () => {
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources:\n  - source.ts\n');
    expect(() => writeFiles(folder, filesOf())).toThrow('use another folder with --out, or empty this one');
    expect(existsSync(theirs)).toBe(true);
  });

  test('is told from one whose environment has no manifests any more', () => {
    const ours = join(folder, 'dev');
    writeFiles(ours, filesOf());
    writeFiles(ours, {});
    expect(existsSync(ours)).toBe(false);
  });
});

describe('the name of an object', () => {
  test('has at most 63 characters', () => {
    expect(objectName('m'.repeat(56), 'canary')).toHaveLength(63);
    expect(() => objectName('m'.repeat(57), 'canary')).toThrow(
      /^model m+: a name has at most 63 characters, got m+-canary with 64; rename the model$/,
    );
  });

  test('is one that Kubernetes takes', () => {
    expect(() => objectName('Churn')).toThrow('a name in Kubernetes is lower-case letters');
  });
});
