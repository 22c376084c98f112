import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { furtherReleases } from '../config/further-releases';
import type { ModelSpec } from '../config/model-spec';
import { ApprovalBus } from '../constructs/registry/approval-bus';
import { ApprovalForwarding } from '../constructs/registry/approval-forwarding';
import { RegisteredModel } from '../constructs/registry/registered-model';
import { SharedImages } from '../constructs/registry/shared-images';
import type { Keys } from '../constructs/security/keys';
import { imagesRepositoryName } from '../core/names';
import { EnvironmentStack, type EnvironmentStackProps, foreignConsumers } from './environment-stack';

export interface RegistryStackProps extends EnvironmentStackProps {
  /** By name; the environment says which of them it has. */
  readonly models: Readonly<Record<string, ModelSpec>>;
  readonly keys: Keys;
}

/** Versions and releases of every model of the environment, and what other environments have of them. */
export class RegistryStack extends EnvironmentStack {
  /** Repository of the images that other accounts may pull. Undefined where none takes its releases from here. */
  readonly imagesRepository: string | undefined;
  private readonly models: ReadonlyMap<string, RegisteredModel>;

  constructor(scope: Construct, id: string, props: RegistryStackProps) {
    super(scope, id, props, { concern: 'registry', stateful: true });
    const { environmentName, environment, models, source, keys } = props;
    const consumers = foreignConsumers(props);
    this.models = new Map(
      environment.models.map((modelName) => {
        const registered = new RegisteredModel(this, modelName, {
          environmentName,
          modelName,
          removalPolicy: this.removalPolicy,
          variants: models[modelName] && furtherReleases(models[modelName].serving),
          source,
          consumerAccounts: [
            ...new Set(consumers.filter((each) => each.models.includes(modelName)).map(({ account }) => account)),
          ],
        });
        Tags.of(registered).add('model', modelName);
        return [modelName, registered];
      }),
    );
    if (source?.isForeign) new ApprovalBus(this, 'ApprovalBus', { environmentName, source });
    if (consumers.length === 0) return;
    const { alarmEmails: emails } = environment;
    new SharedImages(this, 'Images', { environmentName, consumers, removalPolicy: this.removalPolicy });
    this.imagesRepository = imagesRepositoryName(environmentName);
    new ApprovalForwarding(this, 'Forwarding', { environmentName, consumers, topicKey: keys.operations, emails });
  }

  /** @param modelName one of the environment's models */
  model(modelName: string): RegisteredModel {
    const registered = this.models.get(modelName);
    if (!registered) throw new Error(`${this.node.path}: ${modelName} isn't a model of this environment`);
    return registered;
  }
}
