import { App } from 'aws-cdk-lib';
import { environments } from '../config/environments';
import { models } from '../config/models';
import { PlatformStage } from '../lib/platform-stage';
import { loadAppliedManifests } from './load-applied-manifests';

/** The CDK app: one stage an environment, or just the one that `--context environments=NAME` picks. */
function main(): void {
  const app = new App();
  const only: unknown = app.node.tryGetContext('environments');
  for (const [name, environment] of Object.entries(environments)) {
    if (only !== undefined && only !== name) continue;
    // Loaded where it is needed: a synthesis without Kubernetes is the sooner done.
    const manifests =
      environment.kubernetes?.delivery.kind === 'cdk'
        ? loadAppliedManifests().appliedManifests(name, environment, models)
        : undefined;
    new PlatformStage(app, name, { environment, models, environments, manifests });
  }
}

// An app writes its assembly when the process has nothing left to do.
main();
