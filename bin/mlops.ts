import { App } from 'aws-cdk-lib';
import { environments } from '../config/environments';
import { models } from '../config/models';
import { PlatformStage } from '../lib/platform-stage';

/** The CDK app: one stage an environment, or just the one that `--context environments=NAME` picks. */
const app = new App();
const only: unknown = app.node.tryGetContext('environments');
for (const [name, environment] of Object.entries(environments)) {
  if (only === undefined || only === name) new PlatformStage(app, name, { environment, models, environments });
}
