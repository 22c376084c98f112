import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerImage } from '../../../../constructs/serving/server-image';
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
      dockerImages: Record<string, { source: { directory: string; platform: string } }>;
    };
    const [[hash, { source }] = ['', { source: { directory: '', platform: '' } }]] = Object.entries(dockerImages);
    return { image, hash, source, folder: join(directory, source.directory) };
  };

  test('holds the bundled server and what installs the native part, and nothing else', () => {
    const { folder, source } = synthesised();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect(files).toEqual(['Dockerfile', 'bin', 'bin/serve', 'main.cjs', 'package-lock.json', 'package.json']);
    expect(source.platform).toBe('linux/amd64');
    expect(readFileSync(join(folder, 'main.cjs'), 'utf8')).toContain('onnxruntime-node');
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toMatch(/^USER node$/m);
  });

  test('is the same for the same code', () => {
    expect(synthesised().hash).toBe(synthesised().hash);
  });
});
