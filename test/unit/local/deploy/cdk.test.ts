import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Cdk } from '../../../../local/deploy/cdk';
import { StateDirectory } from '../../../../local/state-directory';

test("the CDK's own command is pointed at the region of the environment, whatever the shell says", async () => {
  const repository = mkdtempSync(join(tmpdir(), 'cdk-'));
  try {
    const state = new StateDirectory(join(repository, 'state'));
    const program = join(repository, 'node_modules/aws-cdk/bin/cdk');
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, "for (const name of ['AWS_REGION', 'AWS_PROFILE']) console.log(name, process.env[name]);");
    const variables = { AWS_REGION: 'us-west-2', AWS_PROFILE: 'prod' };
    const lines: string[] = [];
    const cdk = new Cdk({ state, repository, region: 'eu-west-1', variables });
    await cdk.run(['synth'], { onLine: (line) => void lines.push(line) });
    expect(lines).toEqual(['AWS_REGION eu-west-1', 'AWS_PROFILE undefined']);
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
});
