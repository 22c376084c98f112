import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { forgetState, requireForgettable } from '../../../local/forget-state';
import { StateDirectory } from '../../../local/state-directory';

describe('a local environment that is forgotten', () => {
  let parent: string;
  let state: StateDirectory;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forget-'));
    state = new StateDirectory(join(parent, 'local'));
    mkdirSync(state.root);
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  test('leaves nothing, whatever a killed run left half done', () => {
    for (const folder of ['processes', 'logs', 'aws', 'sagemaker', 'images', 'cdk.out', 'cdk.out.draft', 'report'])
      mkdirSync(join(state.root, folder));
    for (const file of ['cdk.out.fingerprint', 'mlflow.db', 'mlflow.db-wal', 'mlflow.db-shm', 'mlflow.db.lock'])
      writeFileSync(join(state.root, file), '');
    for (const file of ['mlflow.db.123.draft', 'summary.json', 'summary.json.draft', 'rehearsals.json', '.DS_Store'])
      writeFileSync(join(state.root, file), '');
    forgetState(state);
    expect(existsSync(state.root)).toBe(false);
  });

  test('may never have been there', () => {
    rmSync(state.root, { recursive: true });
    expect(() => forgetState(state)).not.toThrow();
  });

  test.each(['.ssh', 'letters', 'logs.old', 'images2', 'summary.json.gz'])(
    'has a folder of its own: one with %s in it, like a home by mistake, is left whole',
    (name) => {
      for (const folder of ['logs', name]) mkdirSync(join(state.root, folder));
      for (const act of [requireForgettable, forgetState]) {
        expect(() => act(state)).toThrow(InvalidInputError);
        expect(() => act(state)).toThrow(`got ${state.root} with ${name}; move that elsewhere`);
      }
      expect(readdirSync(state.root)).toHaveLength(2);
    },
  );
});

describe('the folder of a local environment', () => {
  test('is where this process means it, also for programs that run elsewhere', () => {
    const { root, pythonEnvironments } = new StateDirectory('some/state', 'some/python');
    expect(root).toBe(join(process.cwd(), 'some', 'state'));
    expect(pythonEnvironments).toBe(join(process.cwd(), 'some', 'python'));
    expect(new StateDirectory('/a/local').pythonEnvironments).toBe('/a/python');
  });
});
