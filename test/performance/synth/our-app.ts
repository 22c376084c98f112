/**
 * Our CDK app with the environments of config/environments.ts and as many models as its argument says, each of them what
 * config/models.ts says of flight-delay. Run as the CDK CLI runs an app.
 */
import { App } from 'aws-cdk-lib';
import { environments } from '../../../config/environments';
import { models } from '../../../config/models';
import { defineEnvironments, defineModels } from '../../../config/schema';
import type { Environment } from '../../../lib/environment-stack';
import { PlatformStage } from '../../../lib/platform-stage';
import { writeFiguresAtExit } from './figures';

writeFiguresAtExit();
const count = Number(process.argv[2]);
const names = Array.from({ length: count }, (_, index) => `model-${index + 1}`);
// Parsed, as those of the config files are.
const parsed = defineModels(Object.fromEntries(names.map((name) => [name, models['flight-delay']])));
const unreleased = Object.fromEntries(names.map((name) => [name, {}]));
const all = defineEnvironments(
  parsed,
  Object.fromEntries(
    Object.entries<Environment>(environments).map(([name, { kubernetes, ...environment }]) => [
      name,
      { ...environment, models: names, ...(kubernetes && { kubernetes: { ...kubernetes, releases: unreleased } }) },
    ]),
  ),
);
const app = new App();
for (const [name, environment] of Object.entries(all)) {
  new PlatformStage(app, name, { environment, models: parsed, environments: all });
}
