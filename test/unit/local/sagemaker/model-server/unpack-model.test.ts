import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackModel } from '../../../../../local/sagemaker/model-server/unpack-model';
import { tarGz } from './fake-image';

const WHERE = 's3://models/model.tar.gz';
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mlops-unpack-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function unpack(archive: Buffer): Promise<string> {
  const file = join(directory, 'model.tar.gz');
  writeFileSync(file, archive);
  await unpackModel(file, join(directory, 'model'), WHERE);
  return join(directory, 'model');
}

describe('a model archive', () => {
  test('is unpacked with its folders, links and executable files', async () => {
    const model = await unpack(
      await tarGz(
        { name: './', type: 'directory' },
        { name: './code/', type: 'directory' },
        { name: './code/inference.py', content: 'print()', mode: 0o755 },
        { name: 'deep/er/weights.bin', content: 'weights' },
        { name: 'deep/latest', type: 'symlink', linkname: 'er/weights.bin' },
        { name: 'deep/er/up', type: 'symlink', linkname: '../../code/inference.py' },
        { name: 'hard', type: 'link', linkname: 'deep/er/weights.bin' },
      ),
    );
    expect(readFileSync(join(model, 'code/inference.py'), 'utf8')).toBe('print()');
    expect(statSync(join(model, 'code/inference.py')).mode & 0o777).toBe(0o755 & ~process.umask());
    expect(readFileSync(join(model, 'deep/latest'), 'utf8')).toBe('weights');
    expect(readFileSync(join(model, 'deep/er/up'), 'utf8')).toBe('print()');
    expect(readFileSync(join(model, 'hard'), 'utf8')).toBe('weights');
  });

  test('may name a file twice: the later one stays', async () => {
    const model = await unpack(await tarGz({ name: 'a', content: 'old' }, { name: 'a', content: 'new' }));
    expect(readFileSync(join(model, 'a'), 'utf8')).toBe('new');
  });

  test.each([
    ['a path that climbs', [{ name: '../evil', content: 'x' }]],
    ['a path that climbs later on', [{ name: 'a/../../evil', content: 'x' }]],
    ['an absolute path', [{ name: '/tmp/mlops-evil', content: 'x' }]],
    ['an absolute link', [{ name: 'l', type: 'symlink', linkname: '/etc' }]],
    ['a link that climbs out', [{ name: 'a/l', type: 'symlink', linkname: '../../evil' }]],
    ['a link that climbs after a step down', [{ name: 'l', type: 'symlink', linkname: 'a/../../evil' }]],
    ['a link without a target', [{ name: 'l', type: 'symlink', linkname: '' }]],
    ['a hard link out', [{ name: 'l', type: 'link', linkname: '../../../../etc/passwd' }]],
    ['a hard link to an absolute path', [{ name: 'l', type: 'link', linkname: '/etc/passwd' }]],
    [
      'a file below a link that climbs by way of another',
      [
        { name: 'a/b/', type: 'directory' },
        { name: 'a/b/l', type: 'symlink', linkname: '../..' },
        { name: 'm', type: 'symlink', linkname: 'a/b/l/..' },
        { name: 'm/evil', content: 'x' },
      ],
    ],
  ] as const)('with %s is refused, and nothing is written outside', async (_, entries) => {
    await expect(unpack(await tarGz(...entries))).rejects.toThrow(
      /s3:\/\/models\/model.tar.gz: .* leads out of the model folder/,
    );
    expect(existsSync(join(directory, 'evil'))).toBe(false);
    expect(existsSync('/tmp/mlops-evil')).toBe(false);
  });

  test('with a device is refused', async () => {
    await expect(unpack(await tarGz({ name: 'null', type: 'character-device' }))).rejects.toThrow(
      'neither a file, a folder nor a link, got type character-device',
    );
  });

  test('with a file in place of one of its folders is refused', async () => {
    await expect(
      unpack(await tarGz({ name: 'a/', type: 'directory' }, { name: 'a', type: 'symlink', linkname: '.' })),
    ).rejects.toThrow('in the archive twice');
  });

  test.each([
    ['no gzip', Buffer.from('hello'), 'incorrect header check'],
    ['nothing', Buffer.alloc(0), /got/],
    ['gzip of something else', gzipSync(Buffer.from('hello '.repeat(200))), /got/],
    ['gzip of nothing', gzipSync(Buffer.alloc(0)), 'no entries, got an empty archive'],
  ])('that is %s is refused with the way to pack it', async (_, archive, message) => {
    await expect(unpack(archive)).rejects.toThrow(message);
    await expect(unpack(archive)).rejects.toThrow('tar -czf model.tar.gz -C model .');
  });

  test('that was cut short is refused', async () => {
    const whole = await tarGz({ name: 'a', content: Array.from({ length: 5_000 }, (_, i) => Math.sin(i)).join() });
    await expect(unpack(whole.subarray(0, whole.length / 2))).rejects.toThrow("can't unpack the model archive");
  });
});
