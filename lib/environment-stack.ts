import { type CfnElement, DefaultStackSynthesizer, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentSpec } from '../config/environment-spec';
import type { RegistryConsumer } from '../config/registry';
import type { SourceRegistry } from '../constructs/registry/source-registry';
import { stackName } from '../core/names';
import { settlePropertiesWhenValid } from './settle-properties';

/** As `config/environments.ts` has it, whose names of models are narrower than any string. */
export type Environment = Omit<EnvironmentSpec, 'models'> & { readonly models: readonly string[] };

export interface EnvironmentStackProps {
  /** As in `config/environments.ts`. */
  readonly environmentName: string;
  readonly environment: Environment;
  /** The environment whose registry has the versions. @default - this one */
  readonly source?: SourceRegistry;
  /** Environments that take their releases from this one's registry. @default - none */
  readonly consumers?: readonly RegistryConsumer[];
}

export interface StackIdentity {
  /** What the stack is about, as in its name: `network`, `data`, `pipeline`. */
  readonly concern: string;
  /** The model that the stack belongs to, as in `config/models.ts`. @default - shared by all models */
  readonly model?: string;
  /** Holds what can't be made again. It is protected wherever the environment keeps its data. @default false */
  readonly stateful?: boolean;
  /** Repository for the images that the stack builds. @default - that of the account's bootstrap */
  readonly imagesRepository?: string;
}

/** Those of other accounts. */
export function foreignConsumers({ environment, consumers = [] }: EnvironmentStackProps): readonly RegistryConsumer[] {
  return consumers.filter(({ account }) => account !== environment.account);
}

/** A stack of one environment: named after it, and protected as it says. */
export abstract class EnvironmentStack extends Stack {
  /** What becomes of what is stored when the stack is deleted. */
  protected readonly removalPolicy: RemovalPolicy;
  private readonly logicalIds = new WeakMap<CfnElement, string>();

  constructor(
    scope: Construct,
    id: string,
    { environmentName, environment }: EnvironmentStackProps,
    { concern, model, stateful = false, imagesRepository }: StackIdentity,
  ) {
    const kept = environment.removal === 'retain';
    super(scope, id, {
      stackName: stackName(environmentName, concern, model),
      description: [`${environmentName}: ${concern}`, model].filter(Boolean).join(' of '),
      terminationProtection: stateful && kept,
      synthesizer:
        imagesRepository === undefined
          ? undefined
          : new DefaultStackSynthesizer({ imageAssetsRepositoryName: imagesRepository }),
    });
    settlePropertiesWhenValid(this);
    // What a creation made that then failed is empty, and would be in the way of the next try by its name.
    this.removalPolicy = kept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
  }

  /** The CDK's own, which it would hash again for every reference to the element; where that is, no element changes. */
  protected override allocateLogicalId(element: CfnElement): string {
    const known = this.logicalIds.get(element);
    if (known !== undefined) return known;
    const allocated = super.allocateLogicalId(element);
    this.logicalIds.set(element, allocated);
    return allocated;
  }
}
