import { type CfnCondition, Stack } from 'aws-cdk-lib';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnInferenceExperiment, type CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { SHADOW_VARIANT } from '../../config/further-releases';
import { PRODUCTION_VARIANT } from '../../core/names';
import { allow } from '../security/allow';
import { sageMakerOf } from '../training/sagemaker-principal';
import type { ShadowEndpoint } from './shadow-endpoint';

export interface ShadowExperimentProps {
  readonly endpoint: ShadowEndpoint;
  /** The experiment exists only while this holds. */
  readonly condition: CfnCondition;
  readonly live: { readonly model: CfnModel; readonly instanceCount: number };
  readonly shadow: { readonly model: CfnModel; readonly instanceCount: number };
  readonly instanceType: string;
  /** 1 to 100. */
  readonly samplePercent: number;
  /** ISO times, at most 30 days apart. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** Of both models: the experiment hands it over. */
  readonly executionRole: IRole;
  readonly key: IKey;
}

/** Of an endpoint's experiment. */
export function experimentName(endpointName: string): string {
  return `${endpointName}-shadow`;
}

/**
 * A shadow test that SageMaker runs by itself: it adds the shadow variant to the endpoint, compares, and at the end puts
 * the endpoint back as it was. Releases wait for its end.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
 */
export class ShadowExperiment extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ShadowExperimentProps) {
    super(scope, id);
    const { endpoint, live, shadow, instanceType, samplePercent, key } = props;
    this.role = this.createRole(props);
    const variant = (variantName: string, { model, instanceCount }: ShadowExperimentProps['live']) => ({
      variantName,
      modelName: model.attrModelName,
      infrastructureConfig: {
        infrastructureType: 'RealTimeInference',
        realTimeInferenceConfig: { instanceType, instanceCount },
      },
    });
    const experiment = new CfnInferenceExperiment(this, 'Resource', {
      name: experimentName(endpoint.endpointName),
      type: 'ShadowMode',
      endpointName: endpoint.endpointName,
      roleArn: this.role.roleArn,
      kmsKey: key.keyArn,
      schedule: { startTime: props.startsAt, endTime: props.endsAt },
      modelVariants: [variant(PRODUCTION_VARIANT, live), variant(SHADOW_VARIANT, shadow)],
      shadowModeConfig: {
        sourceModelVariantName: PRODUCTION_VARIANT,
        shadowModelVariants: [{ shadowModelVariantName: SHADOW_VARIANT, samplingPercentage: samplePercent }],
      },
    });
    experiment.cfnOptions.condition = props.condition;
    // It knows the endpoint by its name only.
    experiment.addResourceDependency(endpoint.resource);
    experiment.node.addDependency(this.role);
  }

  private createRole({ endpoint, executionRole, key }: ShadowExperimentProps): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      description: 'Runs shadow tests at one endpoint',
      assumedBy: sageMakerOf(stack.account),
    });
    const sageMaker = (resource: string) => stack.formatArn({ service: 'sagemaker', resource, resourceName: '*' });
    allow(role, {
      actions: [
        'sagemaker:DescribeEndpoint',
        'sagemaker:UpdateEndpoint',
        'sagemaker:UpdateEndpointWeightsAndCapacities',
      ],
      resources: [endpoint.endpointArn],
    });
    allow(role, {
      actions: [
        'sagemaker:CreateEndpointConfig',
        'sagemaker:DescribeEndpointConfig',
        'sagemaker:DeleteEndpointConfig',
        'sagemaker:UpdateEndpoint',
        'sagemaker:DescribeModel',
        'sagemaker:AddTags',
      ],
      resources: [sageMaker('endpoint-config'), sageMaker('model')],
      because: 'SageMaker names the endpoint configs of an experiment, and CloudFormation the models',
    });
    allow(role, {
      actions: ['iam:PassRole'],
      resources: [executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    allow(role, { actions: ['kms:CreateGrant', 'kms:DescribeKey'], resources: [key.keyArn] });
    return role;
  }
}
