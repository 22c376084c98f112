import { Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelSpec } from '../config/model-spec';
import { furtherReleases } from '../config/serving';
import { RegisteredModel } from '../constructs/registry/registered-model';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface RegistryStackProps extends EnvironmentStackProps {
  /** By name; the environment says which of them it has. */
  readonly models: Readonly<Record<string, ModelSpec>>;
}

/** Versions and releases of every model of the environment. */
export class RegistryStack extends EnvironmentStack {
  private readonly models: ReadonlyMap<string, RegisteredModel>;

  constructor(scope: Construct, id: string, props: RegistryStackProps) {
    super(scope, id, props, { concern: 'registry', stateful: true });
    const { environmentName, environment, models } = props;
    this.models = new Map(
      environment.models.map((modelName) => {
        const registered = new RegisteredModel(this, modelName, {
          environmentName,
          modelName,
          removalPolicy: this.removalPolicy,
          variants: models[modelName] && furtherReleases(models[modelName].serving),
        });
        Tags.of(registered).add('model', modelName);
        return [modelName, registered];
      }),
    );
  }

  /** @param modelName one of the environment's models */
  model(modelName: string): RegisteredModel {
    const registered = this.models.get(modelName);
    if (!registered) throw new Error(`${this.node.path}: ${modelName} isn't a model of this environment`);
    return registered;
  }
}
