import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { baseImages } from '../../../../config/base-images';
import { ServerImage } from '../../../../constructs/serving/server-image';
import { layOutServerProgram, serverBundle } from '../../../../constructs/serving/server-program';
import { app, role, stack } from '../smallest';

describe('ServerImage', () => {
  const synthesised = () => {
    const root = app();
    const scope = stack(root);
    // A template without resources isn't one.
    role(scope);
    const image = new ServerImage(scope, 'Image');
    const { directory } = root.synth();
    const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Test.assets.json'), 'utf8')) as {
      dockerImages: Record<string, { source: { directory: string; platform: string; dockerBuildArgs?: object } }>;
    };
    const [[hash, { source }] = ['', { source: { directory: '', platform: '', dockerBuildArgs: {} } }]] =
      Object.entries(dockerImages);
    return { image, hash, source, folder: join(directory, source.directory) };
  };

  test('holds the bundled server and what installs the native part, and nothing else', () => {
    const { folder, source } = synthesised();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual([
      'Dockerfile',
      'bin',
      'bin/batch',
      'bin/serve',
      'main.cjs',
      'package-lock.json',
      'package.json',
    ]);
    expect(source).toMatchObject({ platform: 'linux/amd64', dockerBuildArgs: { BASE: baseImages.node } });
    expect(readFileSync(join(folder, 'main.cjs'), 'utf8')).toContain('onnxruntime-node');
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^USER node$/m);
  });

  test('can be read by the user that it runs as, whatever the umask of who deploys, and whoever laid it out before', () => {
    const parent = mkdtempSync(join(tmpdir(), 'server-image-test-'));
    const umask = process.umask(0o077);
    try {
      const modes = () => {
        const folder = layOutServerProgram(parent);
        return ['main.cjs', 'bin', 'bin/serve'].map((name) => statSync(join(folder, name)).mode & 0o777);
      };
      expect(modes()).toEqual([0o644, 0o755, 0o755]);
      chmodSync(join(layOutServerProgram(parent), 'main.cjs'), 0o600);
      expect(modes()).toEqual([0o644, 0o755, 0o755]);
    } finally {
      process.umask(umask);
      rmSync(parent, { recursive: true, force: true });
    }
  });

  test('is the same for the same code', () => {
    expect(synthesised().hash).toBe(synthesised().hash);
  });

  test('is built from one folder, which is laid out anew if it holds anything else', () => {
    const parent = mkdtempSync(join(tmpdir(), 'server-image-test-'));
    try {
      const folder = layOutServerProgram(parent);
      expect(layOutServerProgram(parent)).toBe(folder);
      writeFileSync(join(folder, 'main.cjs'), 'broken');
      const old = join(parent, 'server-image-old');
      mkdirSync(old);
      utimesSync(old, 0, 0);
      expect(layOutServerProgram(parent)).toBe(folder);
      expect(readFileSync(join(folder, 'main.cjs'), 'utf8')).toBe(serverBundle());
      expect(readdirSync(parent)).toEqual([basename(folder)]);
    } finally {
      rmSync(parent, { recursive: true, force: true });
    }
  });
});
