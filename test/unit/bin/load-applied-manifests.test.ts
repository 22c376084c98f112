import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test('the app loads the manifests of a cluster as cdk.json starts it', () => {
  const script =
    "console.log(typeof require('./bin/load-applied-manifests.ts').loadAppliedManifests().appliedManifests)";
  const said = execFileSync(process.execPath, ['-r', 'tsx/cjs', '-e', script], {
    cwd: join(__dirname, '../../..'),
    encoding: 'utf8',
  });
  expect(said.trim()).toBe('function');
});
