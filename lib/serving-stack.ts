import { CfnCondition, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { approvalPolicy } from '../config/approval-policy';
import { furtherReleases } from '../config/further-releases';
import type { ModelSpec } from '../config/model-spec';
import { AlarmTopic } from '../constructs/monitoring/alarm-topic';
import type { Network } from '../constructs/network/network';
import type { RegisteredModel } from '../constructs/registry/registered-model';
import type { Keys } from '../constructs/security/keys';
import { Promotion } from '../constructs/serving/promotion';
import { ReleaseRole } from '../constructs/serving/release-role';
import { bootstrapQualifier } from '../constructs/serving/stack-inputs';
import type { DataLake } from '../constructs/storage/data-lake';
import { ENDPOINT_CONFIG_OUTPUT, NO_RELEASE, RELEASE_STACK_PARAMETER } from '../core/names';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';
import { serve } from './serving/serve';

export interface ServingStackProps extends EnvironmentStackProps {
  /** As in `config/models.ts`. */
  readonly modelName: string;
  readonly spec: ModelSpec;
  readonly network: Network;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly registered: RegisteredModel;
  /** Where images of model packages may be besides the repository of the account's bootstrap. @default - nowhere */
  readonly imagesRepository?: string;
}

/**
 * The released version of one model, served in the mode that its config names. Which version that is, the stack reads
 * from the release parameter: nothing else about it changes between releases, and while nothing is released there is no
 * endpoint.
 */
export class ServingStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: ServingStackProps) {
    const { environmentName, environment, modelName, spec, network, keys, lake, registered } = props;
    super(scope, id, props, { concern: 'serving', model: modelName });
    const released = new CfnParameter(this, RELEASE_STACK_PARAMETER, {
      type: 'AWS::SSM::Parameter::Value<String>',
      default: registered.releaseParameterName,
      description: 'Name of the parameter that holds the ARN of the released model package',
    });
    const condition = new CfnCondition(this, 'HasModel', {
      expression: Fn.conditionNot(Fn.conditionEquals(released.valueAsString, NO_RELEASE)),
    });

    const { topic } = new AlarmTopic(this, 'AlarmTopic', {
      displayName: `${registered.name} alarms and releases`,
      key: keys.operations,
      emails: environment.alarmEmails,
    });
    const action = new SnsAction(topic);
    const served = serve({
      stack: this,
      environment,
      modelName,
      spec,
      network,
      keys,
      lake,
      registered,
      modelPackageArn: released.valueAsString,
      condition,
      images: imagesOf(this, props.imagesRepository),
      source: registered.source,
      action,
      topic,
    });
    const releaseRole = new ReleaseRole(this, 'ReleaseRole', {
      environmentName,
      modelName,
      executionRole: served.executionRole,
      furtherRoles: served.furtherRoles,
      variants: furtherReleases(spec.serving),
      mode: spec.serving.mode,
      dataKey: keys.data,
      source: registered.source,
    });
    served.grantRelease?.(releaseRole.role);
    new Promotion(this, 'Promotion', {
      environmentName,
      modelName,
      registered,
      lake,
      releaseRole,
      approval: approvalPolicy(environment.approval),
      // Those who train compare with it.
      keepsChampion: !registered.source && spec.gates.some(({ beatsChampion }) => beatsChampion !== undefined),
      rolloutLimit: served.releaseLimit,
      promotesApproved: furtherReleases(spec.serving).length === 0,
      topic,
      topicKey: keys.operations,
      logKey: keys.operations,
      alarmAction: action,
    });
    if (served.endpoint) {
      const { endpointName, resource } = served.endpoint;
      new CfnOutput(this, 'EndpointName', { value: endpointName });
      // What the endpoint is compared with: it can go back without the stack's knowing.
      new CfnOutput(this, ENDPOINT_CONFIG_OUTPUT, { value: resource.endpointConfigName, condition });
    }
    new CfnOutput(this, 'ReleaseRoleArn', { value: releaseRole.role.roleArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/** Where pipeline stacks have their images, to which model packages refer. */
function imagesOf(stack: ServingStack, shared: string | undefined): readonly IRepository[] {
  const bootstrap = `cdk-${bootstrapQualifier(stack)}-container-assets-${stack.account}-${stack.region}`;
  return [
    Repository.fromRepositoryName(stack, 'Images', bootstrap),
    ...(shared === undefined ? [] : [Repository.fromRepositoryName(stack, 'SharedImages', shared)]),
  ];
}
