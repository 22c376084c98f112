import type { Construct } from 'constructs';
import { EnvironmentAccess } from '../constructs/security/environment-access';
import type { Keys } from '../constructs/security/keys';
import type { Personas } from '../constructs/security/personas';
import type { DataLake } from '../constructs/storage/data-lake';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface AccessStackProps extends EnvironmentStackProps {
  readonly keys: Keys;
  readonly personas: Personas;
  readonly lake: DataLake;
  /** Whether any model of the environment answers asynchronously. */
  readonly asynchronous: boolean;
}

/** What the personas may do. It knows no model by name, so that a new one changes nothing here. */
export class AccessStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: AccessStackProps) {
    super(scope, id, props, { concern: 'access' });
    const { environmentName, environment, keys, personas, lake, source } = props;
    const { approval } = environment;
    new EnvironmentAccess(this, 'Access', {
      environmentName,
      personas,
      lake,
      topicKey: keys.operations,
      asynchronous: props.asynchronous,
      source,
      approvers: approval.kind === 'manual' ? approval.personas : [],
    });
  }
}
