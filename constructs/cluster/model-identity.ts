import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks-v2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { SourceRegistry } from '../registry/source-registry';
import type { DataLake } from '../storage/data-lake';
import { podRole } from './pod-role';

export interface ModelIdentityProps {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** As in `config/models.ts`: what lies below its name in the zone of models is what its pods may read. */
  readonly modelName: string;
  readonly lake: DataLake;
  /** Whose registry the releases come from, with their artefacts. @default - the environment's own */
  readonly source?: SourceRegistry;
}

/** What a model's pods may do in AWS: download the model's artefacts, and nothing else. */
export class ModelIdentity extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ModelIdentityProps) {
    super(scope, id);
    const { clusterName, namespace, serviceAccount, modelName, lake, source } = props;
    const description = `Pods of ${modelName} in ${namespace} of the cluster ${clusterName}`;
    this.role = podRole(this, 'Role', { description, clusterName, namespace, serviceAccount, path: source?.rolePath });
    if (source) source.grantFetch(this, this.role, modelName);
    else lake.grantRead(this.role, 'models', modelName);
    const association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    // A pod that starts before its role has the policy is refused, and waits for its next try.
    association.node.addDependency(this.role);
  }
}
