/** Synthesises the serving stacks of a model of each mode. @param argv[2] folder of the cloud assembly */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { servingStage } from '../../unit/lib/serving-modes';

const { context } = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')) as { context: object };
const app = new App({ context: { ...context }, outdir: process.argv[2] });
servingStage(app, {
  shadow: {
    serving: {
      mode: 'shadow',
      // cfn-lint has fewer types for experiments than the service's own model has.
      instanceType: 'ml.m5.xlarge',
      experiment: { startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-08T00:00:00Z' },
    },
  },
});
app.synth();
