import type { App } from 'aws-cdk-lib';
import type { EnvironmentInput } from '../../../config/environment-spec';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { PlatformStage } from '../../../lib/platform-stage';
import { environment, model } from '../config/smallest';

export const REGISTRY_ACCOUNT = '222222222222';
export const CONSUMER_ACCOUNT = '333333333333';

const models = defineModels({ churn: model({ kubernetes: { loadSeconds: 4 } }), credit: model() });

export interface SharedRegistry {
  readonly staging: PlatformStage;
  readonly prod: PlatformStage;
}

/** `prod` takes the releases of the model churn from the registry of `staging`, which has credit as well. */
export function sharedRegistry(
  root: App,
  prod: Partial<Omit<EnvironmentInput, 'models'>> = { account: CONSUMER_ACCOUNT },
): SharedRegistry {
  const environments = defineEnvironments(models, {
    staging: environment(['churn', 'credit'], { account: REGISTRY_ACCOUNT }),
    prod: environment(['churn'], { registry: { environment: 'staging' }, ...prod }),
  });
  const stage = (name: keyof typeof environments) =>
    new PlatformStage(root, name, { environment: environments[name], models, environments });
  return { staging: stage('staging'), prod: stage('prod') };
}
