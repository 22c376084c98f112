import { CfnOutput } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { ModelSpec } from '../config/model-spec';
import { AlarmTopic } from '../constructs/monitoring/alarm-topic';
import type { Network } from '../constructs/network/network';
import type { RegisteredModel } from '../constructs/registry/registered-model';
import type { Keys } from '../constructs/security/keys';
import { ServerImage } from '../constructs/serving/server-image';
import type { DataLake } from '../constructs/storage/data-lake';
import { JobRole } from '../constructs/training/job-role';
import { PipelineRole } from '../constructs/training/pipeline-role';
import { TrainingImage } from '../constructs/training/training-image';
import { TrainingPipeline } from '../constructs/training/training-pipeline';
import { renderSageMaker } from '../pipelines/render/sagemaker';
import { standardPipeline } from '../pipelines/standard-pipeline';
import { EnvironmentStack, type EnvironmentStackProps } from './environment-stack';

export interface PipelineStackProps extends EnvironmentStackProps {
  /** As in `config/models.ts`. */
  readonly modelName: string;
  readonly spec: ModelSpec;
  readonly network: Network;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly registered: RegisteredModel;
  /** Takes the image where other accounts may pull it. @default - the repository of the account's bootstrap does */
  readonly imagesRepository?: string;
}

/** How one model is made. */
export class PipelineStack extends EnvironmentStack {
  readonly pipeline: TrainingPipeline;
  readonly image: TrainingImage;

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    const { modelName, spec, network, keys, lake, registered, environment } = props;
    super(scope, id, props, { concern: 'pipeline', model: modelName, imagesRepository: props.imagesRepository });
    const approvesByItself = environment.approval.kind === 'automatic';

    this.image = new TrainingImage(this, 'Image', { framework: spec.framework });
    const jobs = new JobRole(this, 'JobRole', { modelName, keys, lake, network, image: this.image });
    const role = new PipelineRole(this, 'PipelineRole', {
      modelName,
      jobRole: jobs.role,
      keys,
      lake,
      registered,
      approvesByItself,
      transforms: spec.serving.mode === 'batch' && spec.serving.inPipeline,
    });
    this.pipeline = new TrainingPipeline(this, 'Pipeline', {
      pipelineName: registered.name,
      description: spec.description,
      definition: renderSageMaker(
        standardPipeline({
          environmentName: props.environmentName,
          modelName,
          spec,
          imageUri: this.image.imageUri,
          serverImageUri: spec.server === 'onnx' ? new ServerImage(this, 'ServerImage').imageUri : undefined,
          roleArn: jobs.role.roleArn,
          rawUri: lake.buckets.raw.s3UrlForObject(),
          curatedUri: lake.buckets.curated.s3UrlForObject(),
          modelsUri: lake.buckets.models.s3UrlForObject(),
          modelPackageGroupName: registered.modelPackageGroupName,
          kmsKeyId: keys.data.keyArn,
          network: network.vpcConfig,
          approvalStatus: approvesByItself ? 'Approved' : 'PendingManualApproval',
          cacheSeesContents: environment.emulated,
        }),
      ),
      role: role.role,
    });
    if (spec.schedule !== undefined) {
      const { topic } = new AlarmTopic(this, 'AlarmTopic', {
        displayName: `${registered.name} training`,
        key: keys.operations,
        emails: environment.alarmEmails,
      });
      this.pipeline.addSchedule('Schedule', spec.schedule, {
        enabled: environment.schedules,
        alarmAction: new SnsAction(topic),
      });
    }
    new CfnOutput(this, 'PipelineName', { value: this.pipeline.pipelineName });
    new CfnOutput(this, 'ImageUri', { value: this.image.imageUri });
  }
}
