import { Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { sharedAddonImageAccount } from '../config/cluster/addon-images';
import { Network } from '../constructs/network/network';
import type { Keys } from '../constructs/security/keys';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface NetworkStackProps extends EnvironmentStackProps {
  readonly keys: Keys;
}

/** Where jobs and models run. */
export class NetworkStack extends EnvironmentStack {
  readonly network: Network;

  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props, { concern: 'network' });
    const { cluster, region, kubernetes } = props.environment;
    const appliesManifests = kubernetes?.delivery.kind === 'cdk';
    const addonImageAccount = cluster?.kind === 'eks' && (cluster.addonImageAccount ?? sharedAddonImageAccount(region));
    this.network = new Network(this, 'Network', {
      ...props.environment.network,
      logKey: props.keys.operations,
      removalPolicy: this.removalPolicy,
      ...(addonImageAccount ? { cluster: { addonImageAccount, appliesManifests } } : {}),
      registryAccount: props.source?.isForeign ? props.source.account : undefined,
    });
  }

  /** CloudFormation picks the zones. Otherwise the CDK would look them up in the account when it synthesises. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));
  }
}
