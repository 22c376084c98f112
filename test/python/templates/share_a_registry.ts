import './after-all';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { sharedRegistry } from '../../unit/lib/shared-registry';

/** Synthesises two environments, one of which takes its releases from the other. @param argv[2] folder of the assembly */
const { context } = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')) as { context: object };
const app = new App({ context: { ...context }, outdir: process.argv[2] });
sharedRegistry(app);
app.synth();
