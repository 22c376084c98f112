import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { entryPoint, handlerCode, RELEASE_HANDLERS } from '../../../../constructs/serving/handler-code';
import { app, stack } from '../smallest';

/** Folder of the code as Lambda would get it. */
function bundled(): string {
  const root = app();
  const scope = stack(root);
  for (const handler of RELEASE_HANDLERS) {
    new LambdaFunction(scope, handler, {
      code: handlerCode(),
      handler: entryPoint(handler),
      runtime: Runtime.NODEJS_24_X,
    });
  }
  const { directory } = root.synth();
  const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'));
  expect(assets).toHaveLength(1);
  return join(directory, assets[0] ?? '');
}

describe('the code of handlers', () => {
  const directory = bundled();

  test('is one file a handler, the same for all functions', () => {
    expect(readdirSync(directory).sort()).toEqual(RELEASE_HANDLERS.map((name) => `${name}.js`).sort());
  });

  test.each(RELEASE_HANDLERS)('has the entry point of %s, which finds all that it needs in its file', (name) => {
    const [file, exported] = entryPoint(name).split('.');
    const path = join(directory, `${file}.js`);
    expect(existsSync(path)).toBe(true);
    const loaded = jest.requireActual<Record<string, unknown>>(path);
    expect(typeof loaded[exported ?? '']).toBe('function');
  });

  test('can be read by the user that Lambda runs it as, whatever the umask of who deploys', () => {
    const umask = process.umask(0o077);
    try {
      const strict = bundled();
      for (const file of [strict, ...readdirSync(strict).map((name) => join(strict, name))])
        expect(statSync(file).mode & 0o044).toBe(0o044);
    } finally {
      process.umask(umask);
    }
  });

  test('is small enough to start quickly', () => {
    for (const name of readdirSync(directory)) {
      expect(readFileSync(join(directory, name)).length).toBeLessThan(1_500_000);
    }
  });

  test('is named after its content, so that a synthesis changes nothing by itself', () => {
    const name = (path: string) => path.split('/').at(-1);
    expect(name(bundled())).toBe(name(directory));
  });

  test('comes from the folders below handlers/', () => {
    const folders = readdirSync(join(__dirname, '../../../../handlers'), { withFileTypes: true });
    expect([...RELEASE_HANDLERS].sort()).toEqual(
      folders
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort(),
    );
  });
});
