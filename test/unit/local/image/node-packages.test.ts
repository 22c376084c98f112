import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodePackages } from '../../../../local/image/node-packages';

const root = resolve(__dirname, '../../../..');

describe('packages of an image of Node', () => {
  test("are this project's own, which the model server's image has in the same versions", () => {
    expect(nodePackages(join(root, 'server/image/package-lock.json'))).toBe(join(root, 'node_modules'));
  });

  test('are refused where the versions differ, each by name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'packages-'));
    const dependencies = { 'onnxruntime-node': '0.0.1', 'no-such-package': '1.0.0' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ dependencies }));
    expect(() => nodePackages(join(folder, 'package-lock.json'))).toThrow(
      /onnxruntime-node: must have the version 0\.0\.1 in this project too, got \d[^]*no-such-package: .* got none/,
    );
    rmSync(folder, { recursive: true });
  });

  test.each([undefined, 'rubbish'])('are not none where package.json is %p', (content) => {
    const folder = mkdtempSync(join(tmpdir(), 'packages-'));
    if (content !== undefined) writeFileSync(join(folder, 'package.json'), content);
    expect(() => nodePackages(join(folder, 'package-lock.json'))).toThrow(
      `${folder}/package.json: must name what the image installs, got no such JSON; put it beside the lock file`,
    );
    rmSync(folder, { recursive: true });
  });
});
