import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelSpec } from '../config/model-spec';
import { consumersOf, sourceOf } from '../config/registry';
import { SourceRegistry } from '../constructs/registry/source-registry';
import { InvalidInputError } from '../core/invalid-input-error';
import { ENVIRONMENT_TAG, PROJECT } from '../core/names';
import { AccessStack } from './access-stack';
import { ClusterStack, hasClusterStack, type Manifests } from './cluster-stack';
import { DataStack } from './data-stack';
import type { Environment } from './environment-stack';
import { NetworkStack } from './network-stack';
import { PipelineStack } from './pipeline-stack';
import { RegistryStack } from './registry-stack';
import { SecurityStack } from './security-stack';
import { ServingStack } from './serving-stack';

export interface PlatformStageProps {
  readonly environment: Environment;
  /** All models that there are; the environment says which of them it has. */
  readonly models: Readonly<Record<string, ModelSpec>>;
  /** All environments that there are: one may take its releases from another. @default - this one only */
  readonly environments?: Readonly<Record<string, Environment>>;
  /** What CloudFormation applies to the environment's cluster. @default - nothing, and another delivery than `cdk` */
  readonly manifests?: Manifests;
}

/** One environment, whole: the wiring diagram. Its id is the environment's name. */
export class PlatformStage extends Stage {
  constructor(scope: Construct, environmentName: string, props: PlatformStageProps) {
    const { environment, models, environments = {}, manifests } = props;
    super(scope, environmentName, { env: { account: environment.account, region: environment.region } });
    const specs = environment.models.map((name) => [name, specOf(models, environmentName, name)] as const);
    const from = sourceOf(environment, environments);
    const { account } = environment;
    const source = from && new SourceRegistry({ ...from, consumer: { environmentName, account } });
    const common = { environmentName, environment, source, consumers: consumersOf(environmentName, environments) };

    const { keys, personas, boundary } = new SecurityStack(this, 'Security', common);
    const { network } = new NetworkStack(this, 'Network', { ...common, keys });
    const { lake } = new DataStack(this, 'Data', {
      ...common,
      keys,
      captureRetentionDays: Math.min(...specs.map(([, spec]) => spec.dataProtection.retentionDays)),
    });
    const registry = new RegistryStack(this, 'Registry', { ...common, models, keys });
    new AccessStack(this, 'Access', {
      ...common,
      keys,
      personas,
      lake,
      asynchronous: specs.some(([, { serving }]) => serving.mode === 'asynchronous'),
    });
    const plane = environment.kubernetes;
    if (plane && hasClusterStack(environment)) {
      new ClusterStack(this, 'Cluster', { ...common, network, keys, personas, lake, plane, manifests });
    }

    for (const [modelName, spec] of specs) {
      const registered = registry.model(modelName);
      const { imagesRepository } = registry;
      const ofModel = { ...common, modelName, spec, network, keys, lake, registered, imagesRepository };
      const stacks = [
        ...(source ? [] : [new PipelineStack(this, `Pipeline-${modelName}`, ofModel)]),
        ...(environment.planes.includes('sagemaker') ? [new ServingStack(this, `Serving-${modelName}`, ofModel)] : []),
      ];
      for (const stack of stacks) {
        stack.addStackDependency(registry);
        Tags.of(stack).add('model', modelName);
        // Tag values take no commas.
        Tags.of(stack).add('owner', spec.owners.join(' '));
      }
    }
    Tags.of(this).add('project', PROJECT);
    Tags.of(this).add(ENVIRONMENT_TAG, environmentName);
    boundary.applyTo(this);
  }
}

function specOf(models: Readonly<Record<string, ModelSpec>>, environment: string, name: string): ModelSpec {
  const spec = models[name];
  if (spec) return spec;
  throw new InvalidInputError(
    `${environment}.models`,
    `no such model, got ${name}`,
    `choose from ${Object.keys(models).join(', ')}`,
  );
}
