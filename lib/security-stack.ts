import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PERSONAS } from '../config/environment-spec';
import { shareKey } from '../constructs/registry/share-artefacts';
import { DATA_KEY_OUTPUT } from '../constructs/registry/source-registry';
import { Keys } from '../constructs/security/keys';
import { PermissionsBoundary } from '../constructs/security/permissions-boundary';
import { Personas } from '../constructs/security/personas';
import { EnvironmentStack, type EnvironmentStackProps, foreignConsumers } from './environment-stack';

/** Who may do what, and the keys. */
export class SecurityStack extends EnvironmentStack {
  readonly keys: Keys;
  readonly personas: Personas;
  readonly boundary: PermissionsBoundary;

  constructor(scope: Construct, id: string, props: EnvironmentStackProps) {
    super(scope, id, props, { concern: 'security', stateful: true });
    this.keys = new Keys(this, 'Keys', { removalPolicy: this.removalPolicy });
    shareKey(this.keys.data, foreignConsumers(props));
    const { cluster } = props.environment;
    if (cluster?.kind === 'eks' && cluster.capacity.kind === 'managedNodeGroups') this.keys.letNodesUse();
    this.personas = new Personas(this, 'Personas');
    this.boundary = new PermissionsBoundary(this, 'PermissionsBoundary');
    for (const name of PERSONAS) {
      new CfnOutput(this, `${name.replaceAll('-', '')}RoleArn`, { value: this.personas.roleArns[name] });
    }
    // Environments of the same account read it.
    if (props.consumers?.some(({ account }) => account === props.environment.account))
      new CfnOutput(this, DATA_KEY_OUTPUT, { value: this.keys.data.keyArn });
  }
}
