import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ServingMode } from '../../config/serving';
import {
  modelName,
  PRODUCTION_VARIANT,
  releaseParameterName,
  releaseRolePath,
  stackName,
  variantReleaseParameterName,
} from '../../core/names';
import type { SourceRegistry } from '../registry/source-registry';
import { allow } from '../security/allow';
import { makesServiceLinkedRole } from '../security/makes-service-linked-role';
import { experimentName } from './shadow-experiment';
import { stackParameterArns } from './stack-inputs';

export interface ReleaseRoleProps {
  readonly environmentName: string;
  readonly modelName: string;
  /** Execution role of the models that are released. */
  readonly executionRole: IRole;
  /** Takes further roles that it hands to SageMaker. @default - none */
  readonly furtherRoles?: readonly IRole[];
  /** Variants that serve a release of their own. @default - none */
  readonly variants?: readonly string[];
  /** Inference components and inference experiments are made by releases as well. @default 'realtime' */
  readonly mode?: ServingMode;
  /** Encrypts the volumes of the endpoint and what is captured. */
  readonly dataKey: IKey;
  /** The registry of another environment, if the versions are from there. @default - this environment's own */
  readonly source?: SourceRegistry;
}

/**
 * What CloudFormation may do when it releases a model: replace Model and EndpointConfig, update the endpoint and its
 * scaling. An update that wants more, because somebody slipped it another template, is refused by IAM.
 */
export class ReleaseRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ReleaseRoleProps) {
    super(scope, id);
    const { furtherRoles = [], variants = [], mode = 'realtime', source } = props;
    this.role = new Role(this, 'Resource', {
      path: releaseRolePath(props.environmentName),
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
        // Whoever registers a scalable target has to be able to scale it.
        'sagemaker:UpdateEndpointWeightsAndCapacities',
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
      // A package of another account is asked as well whether a model may be made of it.
      actions: ['sagemaker:DescribeModelPackage', ...(source ? ['sagemaker:CreateModel'] : [])],
      resources: [
        sageMaker('model-package', `${name}/*`),
        ...(source ? [source.versionsArn(this, props.modelName)] : []),
      ],
      because: 'All versions of this one model',
    });
    allow(this.role, {
      actions: ['iam:PassRole'],
      resources: [props.executionRole, ...furtherRoles].map(({ roleArn }) => roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    allow(this.role, {
      actions: ['ssm:GetParameters', 'ssm:GetParameter'],
      resources: stackParameterArns(
        stack,
        releaseParameterName(props.environmentName, props.modelName),
        ...variants.map((variant) => variantReleaseParameterName(props.environmentName, props.modelName, variant)),
      ),
    });
    // The template refers to the other stacks by Fn::GetStackOutput, which CloudFormation resolves in this role.
    allow(this.role, {
      actions: ['cloudformation:DescribeStacks'],
      resources: [
        stack.formatArn({
          service: 'cloudformation',
          resource: 'stack',
          resourceName: stackName(props.environmentName, '*'),
        }),
        ...(source && !source.isForeign
          ? [
              stack.formatArn({
                service: 'cloudformation',
                resource: 'stack',
                resourceName: stackName(source.environmentName, '*'),
              }),
            ]
          : []),
      ],
      because: 'The id of a stack ends in a random part',
    });
    allow(this.role, {
      actions: ['kms:CreateGrant', 'kms:DescribeKey'],
      resources: [props.dataKey.keyArn],
    });
    const made = MADE_BY_MODE[mode];
    if (made) {
      this.allowMaking(made, sageMaker(made.resource, made.nameOf(name)));
      if (made.onEndpoint) allow(this.role, { actions: made.onEndpoint, resources: [sageMaker('endpoint', name)] });
    }
    this.allowScaling(stack, name, variants, mode);
  }

  private allowMaking({ kind, actions, further = [] }: MadeByMode, arn: string): void {
    allow(this.role, {
      actions: [
        ...actions.map((action) => `sagemaker:${action}${kind}`),
        ...further,
        'sagemaker:AddTags',
        'sagemaker:DeleteTags',
        'sagemaker:ListTags',
      ],
      resources: [arn],
    });
  }

  private allowScaling(stack: Stack, endpointName: string, variants: readonly string[], mode: ServingMode): void {
    allow(this.role, {
      actions: [
        'application-autoscaling:RegisterScalableTarget',
        'application-autoscaling:DeregisterScalableTarget',
        'application-autoscaling:DescribeScalableTargets',
        'application-autoscaling:PutScalingPolicy',
        'application-autoscaling:DeleteScalingPolicy',
        'application-autoscaling:DescribeScalingPolicies',
        'application-autoscaling:PutScheduledAction',
        'application-autoscaling:DeleteScheduledAction',
        'application-autoscaling:DescribeScheduledActions',
        'application-autoscaling:TagResource',
        'application-autoscaling:UntagResource',
        'application-autoscaling:ListTagsForResource',
        // SageMaker looks at the alarms of a rollout, target tracking at its own.
        'cloudwatch:DescribeAlarms',
        // CloudFormation asks for it when it makes or changes a policy.
        'cloudwatch:GetMetricData',
      ],
      resources: ['*'],
      because: 'Scalable targets have no ARN before they are registered; alarms are listed for a whole account',
    });
    const alarm = (resourceName: string) =>
      stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName,
      });
    allow(this.role, {
      actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
      resources: [
        ...[PRODUCTION_VARIANT, ...variants].map((variant) =>
          alarm(`TargetTracking-endpoint/${endpointName}/variant/${variant}-*`),
        ),
        ...(mode === 'inference-component' ? [alarm(`TargetTracking-inference-component/${endpointName}-*`)] : []),
      ],
      because: 'Target tracking ends the names of its alarms in a random part',
    });
    // Steps have alarms of the stack's own, which come with the first release as the endpoint does.
    allow(this.role, {
      actions: [
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
        'cloudwatch:ListTagsForResource',
      ],
      resources: [alarm(`${stack.stackName}-Scaling*`)],
      because: 'CloudFormation ends the names of alarms in a random part',
    });
    allow(this.role, makesServiceLinkedRole(stack, SCALING_SERVICE, SCALING_ROLE));
  }
}

const SCALING_SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';
const SCALING_ROLE = 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';

/** What releases make in a mode besides models and endpoints. */
interface MadeByMode {
  readonly kind: string;
  readonly resource: string;
  readonly nameOf: (endpointName: string) => string;
  readonly actions: readonly string[];
  /** Whole names. @default - none */
  readonly further?: readonly string[];
  /** Whole names of those that are authorised on the endpoint as well. @default - none */
  readonly onEndpoint?: readonly string[];
}

const MADE_BY_MODE: Partial<Record<ServingMode, MadeByMode>> = {
  'inference-component': {
    kind: 'InferenceComponent',
    resource: 'inference-component',
    nameOf: (endpointName) => endpointName,
    actions: ['Create', 'Update', 'Describe', 'Delete'],
    // CloudFormation changes the number of copies by a call of its own.
    further: ['sagemaker:UpdateInferenceComponentRuntimeConfig'],
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    onEndpoint: ['sagemaker:CreateInferenceComponent'],
  },
  shadow: {
    kind: 'InferenceExperiment',
    resource: 'inference-experiment',
    nameOf: experimentName,
    actions: ['Create', 'Update', 'Start', 'Stop', 'Describe', 'Delete'],
  },
};
