import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type Grant, type IGrantable, type IPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Network } from '../network/network';
import { allow } from '../security/allow';
import type { Keys } from '../security/keys';
import type { DataLake } from '../storage/data-lake';
import { sageMakerOf } from './sagemaker-principal';
import type { TrainingImage } from './training-image';

export interface JobRoleProps {
  /** As in `config/models.ts`: the prefix that the model's objects have in every zone. */
  readonly modelName: string;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly network: Network;
  readonly image: TrainingImage;
}

/**
 * What a model's processing and training jobs run as. Their code is the data scientists', so it gets the model's own
 * data and nothing else: no registry, no other model, no other job.
 */
export class JobRole extends Construct implements IGrantable {
  readonly role: Role;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, { modelName, keys, lake, network, image }: JobRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Resource', {
      description: `Jobs of the model ${modelName}`,
      assumedBy: sageMakerOf(Stack.of(this).account),
    });
    this.grantPrincipal = this.role;
    lake.grantRead(this, 'raw', modelName);
    for (const zone of ['curated', 'features', 'models'] as const) lake.grantReadWrite(this, zone, modelName);
    keys.grantEncryptVolumes(this);
    image.grantPull(this);
    this.grantObserve();
    network.grantAttach(this);
  }

  private grantObserve(): Grant {
    const stack = Stack.of(this);
    const logs = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: '/aws/sagemaker/*',
    });
    return allow(this, {
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [logs],
      because: 'SageMaker names the log groups and streams of jobs',
    }).combine(
      allow(this, {
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'aws/sagemaker/*'] } },
        because: 'The action takes no resource; the condition narrows it to the namespaces of SageMaker',
      }),
    );
  }
}
