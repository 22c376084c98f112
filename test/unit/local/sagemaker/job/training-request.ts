import type { JsonObject } from '../../../../../core/json';
import { IMAGE, type PipelineFixture, ROLE } from '../pipeline/pipeline-fixture';

export interface TrainingChanges extends JsonObject {
  readonly AlgorithmSpecification?: JsonObject;
}

/** The smallest job: the image's own program `train`, in the shell's language. */
export function trainingRequest(
  local: PipelineFixture,
  script: string,
  { AlgorithmSpecification, ...more }: TrainingChanges = {},
): JsonObject {
  local.program('bin/train', `#!/bin/sh\nset -e\nml=$SAGEMAKER_BASE_DIR\n${script}\n`);
  return {
    TrainingJobName: 'job',
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', ...AlgorithmSpecification },
    OutputDataConfig: { S3OutputPath: 's3://bucket/models/' },
    ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
    ...more,
  };
}
