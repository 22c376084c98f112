import { CfnCondition, CfnOutput, CfnParameter, Duration, Fn } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import type { ModelSpec } from '../config/model-spec';
import { AlarmTopic } from '../constructs/monitoring/alarm-topic';
import { RollbackAlarms } from '../constructs/monitoring/rollback-alarms';
import type { Network } from '../constructs/network/network';
import type { RegisteredModel } from '../constructs/registry/registered-model';
import type { Keys } from '../constructs/security/keys';
import { ApprovedModel } from '../constructs/serving/approved-model';
import { rolloutTiming } from '../constructs/serving/deployment-config';
import { InvocationScaling } from '../constructs/serving/invocation-scaling';
import { Promotion } from '../constructs/serving/promotion';
import { RealTimeEndpoint } from '../constructs/serving/real-time-endpoint';
import { ReleaseRole } from '../constructs/serving/release-role';
import { bootstrapQualifier } from '../constructs/serving/stack-inputs';
import type { DataLake } from '../constructs/storage/data-lake';
import { NO_RELEASE, RELEASE_STACK_PARAMETER } from '../core/names';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface ServingStackProps extends EnvironmentStackProps {
  /** As in `config/models.ts`. */
  readonly modelName: string;
  readonly spec: ModelSpec;
  readonly network: Network;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly registered: RegisteredModel;
}

/**
 * The released version of one model behind one endpoint. Which version that is, the stack reads from the release
 * parameter: nothing else about it changes between releases, and while nothing is released there is no endpoint.
 */
export class ServingStack extends EnvironmentStack {
  readonly endpoint: RealTimeEndpoint;

  constructor(scope: Construct, id: string, props: ServingStackProps) {
    const { environmentName, environment, modelName, spec, network, keys, lake, registered } = props;
    super(scope, id, props, { concern: 'serving', model: modelName });
    const { serving, rollout } = spec;
    if (serving.mode !== 'realtime') throw new Error(`${this.node.path}: ${serving.mode} has no stack yet`);
    const startup = Duration.seconds(serving.startupSeconds);
    const terminationWait = Duration.minutes(5);
    const timing = rolloutTiming({ rollout, startup, terminationWait });

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
    const { alarms } = new RollbackAlarms(this, 'RollbackAlarms', {
      endpointName: registered.name,
      guards: rollout.guards,
      watch: Duration.seconds(timing.waitSeconds),
      action,
    });
    const model = new ApprovedModel(this, 'Model', {
      modelName,
      modelPackageArn: released.valueAsString,
      condition,
      lake,
      network,
      images: assetImages(this),
    });
    this.endpoint = new RealTimeEndpoint(this, 'Endpoint', {
      endpointName: registered.name,
      model: model.resource,
      condition,
      instanceType: serving.instanceType,
      instanceCount: environment.instances.min,
      rollout,
      rollbackAlarms: alarms,
      key: keys.data,
      captureUri: lake.buckets.capture.s3UrlForObject(modelName),
      capturePercent: serving.capturePercent,
      startup,
      terminationWait,
    });
    new InvocationScaling(this, 'Scaling', {
      endpoint: this.endpoint,
      condition,
      minInstances: environment.instances.min,
      maxInstances: environment.instances.max,
      invocationsPerInstancePerMinute: spec.invocationsPerInstancePerMinute,
    });
    const releaseRole = new ReleaseRole(this, 'ReleaseRole', {
      environmentName,
      modelName,
      executionRole: model.role,
      dataKey: keys.data,
    });
    new Promotion(this, 'Promotion', {
      environmentName,
      modelName,
      registered,
      lake,
      releaseRole,
      rolloutLimit: Duration.seconds(timing.maximumExecutionSeconds),
      topic,
      topicKey: keys.operations,
      logKey: keys.operations,
      alarmAction: action,
    });
    new CfnOutput(this, 'EndpointName', { value: this.endpoint.endpointName });
    new CfnOutput(this, 'ReleaseRoleArn', { value: releaseRole.role.roleArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

/** Where the bootstrapped account keeps the images of the pipeline stack: model packages refer to them. */
function assetImages(stack: ServingStack): IRepository {
  return Repository.fromRepositoryName(
    stack,
    'Images',
    `cdk-${bootstrapQualifier(stack)}-container-assets-${stack.account}-${stack.region}`,
  );
}
