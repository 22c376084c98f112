import { App } from 'aws-cdk-lib';
import { environments } from '../config/environments';
import { models } from '../config/models';
import { PlatformStage } from '../lib/platform-stage';

/** The CDK app: one stage an environment. */
const app = new App();
for (const [name, environment] of Object.entries(environments)) {
  new PlatformStage(app, name, { environment, models });
}
