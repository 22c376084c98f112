import { CfnOutput } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ServingOf } from '../../config/serving';
import { AlarmTopic } from '../../constructs/monitoring/alarm-topic';
import { allow } from '../../constructs/security/allow';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { AsynchronousEndpoint } from '../../constructs/serving/asynchronous-endpoint';
import { guardedRollout } from './guarded-rollout';
import { scale } from './scale';
import type { Served, ServingInputs } from './serving-inputs';

/** One version behind a queue: requests and answers are objects in the capture bucket, which forgets them in time. */
export function serveAsynchronous(serving: ServingOf<'asynchronous'>, inputs: ServingInputs): Served {
  const { stack, environment, modelName, keys, lake, registered } = inputs;
  const rollout = guardedRollout(inputs);
  const model = new ApprovedModel(stack, 'Model', { ...inputs, captures: false });
  const prefix = `${modelName}/asynchronous`;
  lake.grantReadWrite(model.role, 'capture', prefix);
  const topic = (id: string, about: string): ITopic => {
    const made = new AlarmTopic(stack, id, { displayName: `${registered.name} ${about}`, key: keys.operations }).topic;
    grantPublish(model.role, made, keys.operations);
    new CfnOutput(stack, `${id}Arn`, { value: made.topicArn });
    return made;
  };
  const endpoint = new AsynchronousEndpoint(stack, 'Endpoint', {
    ...rollout.endpoint,
    ...rollout.times,
    model: model.resource,
    instanceType: serving.instanceType,
    instanceCount: environment.instances.min,
    key: keys.data,
    outputUri: lake.buckets.capture.s3UrlForObject(`${prefix}/output`),
    failureUri: lake.buckets.capture.s3UrlForObject(`${prefix}/failure`),
    successTopic: topic('SuccessTopic', 'answers'),
    errorTopic: topic('ErrorTopic', 'failed requests'),
    maxConcurrentInvocationsPerInstance: serving.maxConcurrentInvocationsPerInstance,
  });
  scale(endpoint, inputs);
  return { executionRole: model.role, endpoint, releaseLimit: rollout.releaseLimit };
}

/** SageMaker tells of answers in the model's name, to a topic whose messages are encrypted. */
function grantPublish(role: IRole, topic: ITopic, key: IKey): void {
  allow(role, { actions: ['sns:Publish'], resources: [topic.topicArn] });
  allow(role, { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] });
}
