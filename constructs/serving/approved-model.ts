import { ArnFormat, type CfnCondition, Stack } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import type { Network } from '../network/network';
import { PULL_ACTIONS, type SourceRegistry } from '../registry/source-registry';
import { allow } from '../security/allow';
import type { DataLake } from '../storage/data-lake';
import { outlivesRelease } from './outlives-release';

export interface ApprovedModelProps {
  /** As in `config/models.ts`: its artefacts lie below this prefix. */
  readonly modelName: string;
  /** ARN of the released model package: image, artefact and environment come from it. */
  readonly modelPackageArn: string;
  /** The model exists only while this holds. */
  readonly condition: CfnCondition;
  readonly lake: DataLake;
  /** Where the images of model packages are. */
  readonly images: readonly IRepository[];
  /** The registry of another environment, if the model package is from there. @default - this environment's own */
  readonly source?: SourceRegistry;
  /** @default - no VPC, as serverless endpoints need it */
  readonly network?: Network;
  /**
   * Takes the network away from the container; SageMaker itself still fetches the artefact. A container that calls
   * other services needs false, and so does a serverless endpoint.
   * @default true
   */
  readonly networkIsolation?: boolean;
  /** Whether requests and answers are captured to S3. @default true */
  readonly captures?: boolean;
  /** Whether alarms watch an update of its endpoint: SageMaker asks for their state in the role of the model. @default true */
  readonly guarded?: boolean;
  /** What runs the model, as its log groups have it. @default 'Endpoints' */
  readonly runsAs?: 'Endpoints' | 'InferenceComponents' | 'TransformJobs';
  /** @default a role that may do what SageMaker does around a container, and nothing else */
  readonly role?: IRole;
}

/** The model package that was released, as a Model that an endpoint can serve. */
export class ApprovedModel extends Construct {
  readonly resource: CfnModel;
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: ApprovedModelProps) {
    super(scope, id);
    const { networkIsolation = true } = props;
    this.role = props.role ?? this.createRole(props);
    // Unnamed: every property of a Model replaces it, and a fixed name would be taken by the one that still serves.
    this.resource = new CfnModel(this, 'Resource', {
      primaryContainer: { modelPackageName: props.modelPackageArn },
      executionRoleArn: this.role.roleArn,
      enableNetworkIsolation: networkIsolation,
      vpcConfig: props.network?.vpcConfig,
    });
    this.resource.cfnOptions.condition = props.condition;
    // A transform job goes on with the model that it began with, whatever becomes of it.
    if (props.runsAs !== 'TransformJobs') outlivesRelease(this.resource);
    // SageMaker tries the role's permissions when the model is created.
    this.resource.node.addDependency(this.role);
  }

  private createRole(props: ApprovedModelProps): Role {
    const { lake, images, modelName, network, source, captures = true, guarded = true, runsAs = 'Endpoints' } = props;
    const stack = Stack.of(this);
    const role = new Role(this, 'ExecutionRole', {
      path: source?.rolePath,
      description: 'Runs the released model at its endpoint',
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
    });
    // Its own as well: what was released before versions came from elsewhere serves on until the next release.
    lake.grantRead(role, 'models', modelName);
    source?.grantFetch(this, role, modelName);
    if (captures) lake.grantWrite(role, 'capture', modelName);
    if (guarded) {
      // https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
      allow(role, {
        actions: ['cloudwatch:DescribeAlarms'],
        resources: ['*'],
        because: 'SageMaker asks for the state of the alarms that guard an update; they are listed for a whole account',
      });
    }
    allow(role, {
      actions: PULL_ACTIONS,
      resources: images.map(({ repositoryArn }) => repositoryArn),
    });
    allow(role, {
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      because: 'A login to the registry is about no repository; the action takes no resource',
    });
    network?.grantAttach(role);
    allow(role, {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'AWS/SageMaker'] } },
      because: 'Metrics are no resources; the namespace is fixed by the condition',
    });
    allow(role, {
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [
        stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: `/aws/sagemaker/${runsAs}${runsAs === 'TransformJobs' ? '' : '/'}*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      because: 'SageMaker names the log groups and streams of an endpoint; the statement reaches no others',
    });
    return role;
  }
}
