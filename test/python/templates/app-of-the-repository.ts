import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';

/** An app with the settings of cdk.json. */
export function appOfTheRepository(outdir: string): App {
  const { context } = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')) as { context: object };
  return new App({ context: { ...context }, outdir });
}
