import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PERSONAS, type PersonaName } from '../../config/environment-spec';
import { ENVIRONMENT_TAG, modelName, releaseParameterName, releaseRolePath, stackName } from '../../core/names';
import { releasePrefix } from '../../core/release/evidence';
import type { SourceRegistry } from '../registry/source-registry';
import { stackParameterArns } from '../serving/stack-inputs';
import type { DataLake } from '../storage/data-lake';
import { allow } from './allow';
import type { Personas } from './personas';

export interface EnvironmentAccessProps {
  readonly environmentName: string;
  readonly personas: Personas;
  readonly lake: DataLake;
  /** Encrypts what is told about releases. */
  readonly topicKey: IKey;
  /** Who says yes or no to versions of models; nobody where passing the gates is enough. */
  readonly approvers: readonly PersonaName[];
  /** Whether any model answers asynchronously: who asks it puts requests into S3 and finds answers there. @default false */
  readonly asynchronous?: boolean;
  /**
   * The registry of another environment, whose approvers say yes to versions. Here the approvers are those who release
   * them. @default - this environment's own
   */
  readonly source?: SourceRegistry;
}

const because = 'All models of this environment: the names of their resources begin with its name';

/**
 * What each persona may do, in one place: with all models of the environment, and with no other environment.
 *
 * The statements name models by their common prefix, and `config/schema.ts` refuses names of environments that would
 * share one. IAM takes 10,240 characters of inline policies a role; statements for each model would use them up with the
 * third one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export class EnvironmentAccess extends Construct {
  private readonly stack = Stack.of(this);

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EnvironmentAccessProps,
  ) {
    super(scope, id);
    const { approvers, source } = props;
    // To release a version of another environment is this environment's yes.
    const releasers: readonly PersonaName[] =
      source && approvers.length > 0 ? ['operator', ...approvers] : ['ml-engineer', 'operator'];
    const roles = props.personas.within(this);
    const grant = (personas: readonly PersonaName[], permissions: (grantee: IGrantable) => void) => {
      for (const persona of PERSONAS) if (personas.includes(persona)) permissions(roles[persona]);
    };
    grant(['data-scientist', 'ml-engineer', 'operator', 'approver', ...approvers], (role) => this.allowStudy(role));
    grant(['data-scientist', 'ml-engineer'], (role) => this.allowData(role));
    grant(['ml-engineer', 'operator'], (role) => {
      this.allowWatch(role);
      if (!source) this.allowRunPipelines(role);
    });
    grant(releasers, (role) => this.allowRelease(role));
    grant(['application', 'ml-engineer', 'operator'], (role) => this.allowInvoke(role));
    if (!source) grant(approvers, (role) => this.allowApprove(role));
  }

  /** See how models are made, what they are, and what is released on what evidence. */
  private allowStudy(grantee: IGrantable): void {
    const { environmentName, lake, source } = this.props;
    if (source) {
      allow(grantee, {
        actions: [
          'sagemaker:DescribeModelPackage',
          'sagemaker:DescribeModelPackageGroup',
          'sagemaker:ListModelPackages',
        ],
        resources: [source.groupArn(this, '*'), source.versionsArn(this, '*')],
        because: `All models of ${source.environmentName}, in whose registry the versions are`,
      });
    }
    allow(grantee, {
      actions: [
        'sagemaker:DescribeEndpoint',
        'sagemaker:DescribeInferenceComponent',
        'sagemaker:DescribeModelPackage',
        'sagemaker:DescribeModelPackageGroup',
        'sagemaker:DescribePipeline',
        'sagemaker:DescribePipelineDefinitionForExecution',
        'sagemaker:DescribePipelineExecution',
        'sagemaker:ListModelPackages',
        'sagemaker:ListPipelineExecutionSteps',
        'sagemaker:ListPipelineExecutions',
        'sagemaker:ListPipelineParametersForExecution',
      ],
      // An asterisk takes slashes in: versions of a group and executions of a pipeline are among them.
      resources: ['endpoint', 'inference-component', 'model-package', 'model-package-group', 'pipeline'].map((each) =>
        this.ofModels(each),
      ),
      because,
    });
    allow(grantee, {
      actions: ['sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeModel'],
      resources: ['endpoint-config', 'model'].map((each) => this.sageMaker(each, '*')),
      conditions: { StringEquals: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: environmentName } },
      because: 'CloudFormation names models and endpoint configs anew at every release; the tag narrows them',
    });
    allow(grantee, {
      actions: ['ssm:GetParameter', 'ssm:GetParameterHistory'],
      resources: [this.releaseParameters],
      because,
    });
    // The command line finds buckets, release roles and topics by the outputs of the stacks.
    allow(grantee, { actions: ['cloudformation:DescribeStacks'], resources: [this.stacks()], because });
    lake.grantRead(grantee, 'evidence');
    lake.grantRead(grantee, 'models');
  }

  /** Read what models are made from. Captured requests may be personal data, so nobody gets those. */
  private allowData(grantee: IGrantable): void {
    for (const zone of ['raw', 'curated', 'features'] as const) this.props.lake.grantRead(grantee, zone);
  }

  /** See alarms, metrics, and the logs of endpoints and of the handlers of releases. */
  private allowWatch(grantee: IGrantable): void {
    allow(grantee, {
      actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
      resources: ['*'],
      because: 'Metrics are no resources, and alarms are listed for a whole account',
    });
    allow(grantee, {
      actions: ['cloudwatch:DescribeAlarmHistory'],
      resources: [
        this.stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          resourceName: stackName(this.props.environmentName, 'serving', '*'),
        }),
      ],
      because,
    });
    const prefixes = [`/aws/sagemaker/Endpoints/${this.allModels}`, stackName(this.props.environmentName, '*')];
    allow(grantee, {
      actions: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
      resources: prefixes.map((resourceName) =>
        this.stack.formatArn({
          service: 'logs',
          resource: 'log-group',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          resourceName,
        }),
      ),
      because,
    });
  }

  /** Start, stop and retry pipelines. */
  private allowRunPipelines(grantee: IGrantable): void {
    allow(grantee, {
      actions: [
        'sagemaker:RetryPipelineExecution',
        'sagemaker:StartPipelineExecution',
        'sagemaker:StopPipelineExecution',
      ],
      resources: [this.ofModels('pipeline')],
      because,
    });
  }

  /** Promote and roll back by hand, as the handlers do it: by the release parameter and an update in the release role. */
  private allowRelease(grantee: IGrantable): void {
    const { environmentName, lake, topicKey } = this.props;
    const { stack } = this;
    const stacks = this.stacks('serving');
    const releaseRoles = stack.formatArn({
      service: 'iam',
      region: '',
      resource: 'role',
      resourceName: `${releaseRolePath(environmentName).slice(1)}*`,
    });
    allow(grantee, { actions: ['ssm:PutParameter'], resources: [this.releaseParameters], because });
    allow(grantee, {
      actions: ['ssm:GetParameters'],
      resources: stackParameterArns(stack, this.releaseParameterName),
      because,
    });
    allow(grantee, {
      // To cancel is to go back: it takes no role, and changes nothing that the update wouldn't have.
      actions: ['cloudformation:DescribeStackEvents', 'cloudformation:GetTemplate', 'cloudformation:CancelUpdateStack'],
      resources: [stacks],
      because,
    });
    allow(grantee, {
      actions: ['cloudformation:UpdateStack'],
      resources: [stacks],
      // In any other role an update could do anything that the role can.
      conditions: { ArnLike: { 'cloudformation:RoleArn': releaseRoles } },
      because,
    });
    allow(grantee, {
      actions: ['iam:PassRole'],
      resources: [releaseRoles],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      because,
    });
    lake.grantWrite(grantee, 'evidence', releasePrefix(environmentName));
    const topics = stack.formatArn({ service: 'sns', resource: `${stackName(environmentName, 'serving')}-*` });
    allow(grantee, { actions: ['sns:Publish'], resources: [topics], because });
    allow(grantee, { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [topicKey.keyArn] });
  }

  private allowInvoke(grantee: IGrantable): void {
    const { lake, asynchronous = false } = this.props;
    allow(grantee, {
      actions: ['sagemaker:InvokeEndpoint'],
      resources: ['endpoint', 'inference-component'].map((each) => this.ofModels(each)),
      because,
    });
    if (!asynchronous) return;
    allow(grantee, {
      actions: ['sagemaker:InvokeEndpointAsync'],
      resources: [this.ofModels('endpoint')],
      because,
    });
    lake.grantReadWrite(grantee, 'capture', '*/asynchronous');
  }

  private allowApprove(grantee: IGrantable): void {
    allow(grantee, { actions: ['sagemaker:UpdateModelPackage'], resources: [this.ofModels('model-package')], because });
  }

  private ofModels(resource: string): string {
    return this.sageMaker(resource, this.allModels);
  }

  private sageMaker(resource: string, resourceName: string): string {
    return this.stack.formatArn({ service: 'sagemaker', resource, resourceName });
  }

  /** @param concern of the stacks; all of the environment's without it */
  private stacks(concern?: string): string {
    const { environmentName } = this.props;
    const resourceName =
      concern === undefined ? stackName(environmentName, '*') : stackName(environmentName, concern, '*');
    return this.stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName });
  }

  private get allModels(): string {
    return modelName(this.props.environmentName, '*');
  }

  private get releaseParameterName(): string {
    return releaseParameterName(this.props.environmentName, '*');
  }

  private get releaseParameters(): string {
    return this.stack.formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: this.releaseParameterName.slice(1),
    });
  }
}
