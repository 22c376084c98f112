import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

function charts(...words: readonly string[]) {
  const command = ['--import', 'tsx', join(root, 'bin/charts.ts'), ...words];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8', timeout: 120_000 });
}

describe('npm run charts', () => {
  test('writes the environments with the plane kubernetes, and names models without a release', () => {
    const out = mkdtempSync(join(tmpdir(), 'charts-'));
    try {
      const { status, stdout, stderr } = charts('--out', out);
      expect(stderr).toContain('dev: flight-delay has no release yet; write one into kubernetes.releases');
      expect(status).toBe(0);
      expect(stdout).toMatch(/dev: 4 files\n$/);
      expect(readdirSync(out)).toEqual(['dev']);
      expect(readFileSync(join(out, 'dev/kustomization.yaml'), 'utf8')).toContain('- _platform');
    } finally {
      rmSync(out, { recursive: true });
    }
  }, 130_000);

  test('refuses what it does not know, with exit code 2, and writes nothing', () => {
    const { status, stderr } = charts('--uot', '/nowhere');
    expect(stderr).toContain("charts: can't be called so, got Unknown option '--uot'");
    expect(status).toBe(2);
    expect(existsSync('/nowhere')).toBe(false);
  }, 130_000);
});
