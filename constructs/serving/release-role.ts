import { Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { modelName, releaseParameterName } from '../../core/names';
import { allow } from '../security/allow';

export interface ReleaseRoleProps {
  readonly environmentName: string;
  readonly modelName: string;
  /** Execution role of the models that are released. */
  readonly executionRole: IRole;
  /** Encrypts the volumes of the endpoint and what is captured. */
  readonly dataKey: IKey;
}

/**
 * What CloudFormation may do when it releases a model: replace Model and EndpointConfig, update the endpoint and its
 * scaling. An update that wants more, because somebody slipped it another template, is refused by IAM.
 */
export class ReleaseRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ReleaseRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Resource', {
      description: 'CloudFormation takes it to release a model, and for nothing else',
      assumedBy: new ServicePrincipal('cloudformation.amazonaws.com'),
    });
    const stack = Stack.of(this);
    const name = modelName(props.environmentName, props.modelName);
    const sageMaker = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'sagemaker', resource, resourceName });

    allow(this.role, {
      actions: [
        'sagemaker:CreateModel',
        'sagemaker:DeleteModel',
        'sagemaker:DescribeModel',
        'sagemaker:CreateEndpointConfig',
        'sagemaker:DeleteEndpointConfig',
        'sagemaker:DescribeEndpointConfig',
        'sagemaker:AddTags',
        'sagemaker:DeleteTags',
        'sagemaker:ListTags',
      ],
      resources: [sageMaker('model', '*'), sageMaker('endpoint-config', '*')],
      because: 'CloudFormation names models and endpoint configs anew at every release',
    });
    allow(this.role, {
      actions: [
        'sagemaker:CreateEndpoint',
        'sagemaker:UpdateEndpoint',
        'sagemaker:DeleteEndpoint',
        'sagemaker:DescribeEndpoint',
        'sagemaker:AddTags',
        'sagemaker:DeleteTags',
        'sagemaker:ListTags',
      ],
      resources: [sageMaker('endpoint', name)],
    });
    // Creating and updating an endpoint is authorised on its config as well.
    allow(this.role, {
      actions: ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'],
      resources: [sageMaker('endpoint-config', '*')],
      because: 'CloudFormation names endpoint configs anew at every release',
    });
    allow(this.role, {
      actions: ['sagemaker:DescribeModelPackage'],
      resources: [sageMaker('model-package', `${name}/*`)],
      because: 'All versions of this one model',
    });
    allow(this.role, {
      actions: ['iam:PassRole'],
      resources: [props.executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    allow(this.role, {
      actions: ['ssm:GetParameters', 'ssm:GetParameter'],
      resources: [
        stack.formatArn({
          service: 'ssm',
          resource: 'parameter',
          resourceName: releaseParameterName(props.environmentName, props.modelName).slice(1),
        }),
      ],
    });
    allow(this.role, {
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      resources: [props.dataKey.keyArn],
    });
    this.allowScaling(stack);
  }

  private allowScaling(stack: Stack): void {
    allow(this.role, {
      actions: [
        'application-autoscaling:RegisterScalableTarget',
        'application-autoscaling:DeregisterScalableTarget',
        'application-autoscaling:DescribeScalableTargets',
        'application-autoscaling:PutScalingPolicy',
        'application-autoscaling:DeleteScalingPolicy',
        'application-autoscaling:DescribeScalingPolicies',
        'application-autoscaling:TagResource',
        'application-autoscaling:UntagResource',
        'application-autoscaling:ListTagsForResource',
        // Target tracking keeps its alarms by these, and SageMaker watches those of the rollout.
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DescribeAlarms',
      ],
      resources: ['*'],
      because:
        'Scalable targets have no ARN before they are registered; the alarms of target tracking are named by AWS',
    });
    allow(this.role, {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        stack.formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: `aws-service-role/${SCALING_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
        }),
      ],
      conditions: { StringEquals: { 'iam:AWSServiceName': SCALING_SERVICE } },
    });
  }
}

const SCALING_SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';
