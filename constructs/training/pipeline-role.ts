import { Stack } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { RegisteredModel } from '../registry/registered-model';
import { allow } from '../security/allow';
import type { Keys } from '../security/keys';
import type { DataLake } from '../storage/data-lake';
import { sageMakerOf } from './sagemaker-principal';

export interface PipelineRoleProps {
  /** As in `config/models.ts`. */
  readonly modelName: string;
  /** What the pipeline's jobs run as; the pipeline hands it over, and no other role. */
  readonly jobRole: IRole;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly registered: RegisteredModel;
  /** Whether passing the gates is enough to be approved. */
  readonly approvesByItself: boolean;
  /** Whether it makes Models, and transforms with them. @default false */
  readonly transforms?: boolean;
}

/** What a model's pipeline itself runs as: it starts jobs, reads what they measured, and registers the model. */
export class PipelineRole extends Construct implements IGrantable {
  readonly role: Role;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: PipelineRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Resource', {
      description: `Pipeline of the model ${props.modelName}`,
      assumedBy: sageMakerOf(Stack.of(this).account),
    });
    this.grantPrincipal = this.role;
    this.grantRunJobs(props.transforms ? { ...JOBS, ...TRANSFORM } : JOBS);
    allow(this, {
      actions: ['iam:PassRole'],
      resources: [props.jobRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
    props.keys.grantEncryptVolumes(this);
    // Conditions read property files, and registering checks the artefact.
    props.lake.grantRead(this, 'curated', props.modelName);
    props.lake.grantRead(this, 'models', props.modelName);
    props.registered.grantRead(this);
    props.registered.grantRegister(this, { approved: props.approvesByItself });
  }

  private grantRunJobs(jobs: Readonly<Record<string, readonly string[]>>): void {
    const arn = (resource: string) => Stack.of(this).formatArn({ service: 'sagemaker', resource, resourceName: '*' });
    const because = 'SageMaker makes up the names of the jobs of an execution';
    for (const [resource, actions] of Object.entries(jobs)) {
      allow(this, {
        actions: [...actions, 'AddTags'].map((action) => `sagemaker:${action}`),
        resources: [arn(resource)],
        because,
      });
    }
  }
}

const JOBS: Readonly<Record<string, readonly string[]>> = {
  'processing-job': ['CreateProcessingJob', 'DescribeProcessingJob', 'StopProcessingJob'],
  'training-job': ['CreateTrainingJob', 'DescribeTrainingJob', 'StopTrainingJob'],
  'hyper-parameter-tuning-job': [
    'CreateHyperParameterTuningJob',
    'DescribeHyperParameterTuningJob',
    'ListTrainingJobsForHyperParameterTuningJob',
    'StopHyperParameterTuningJob',
  ],
};

const TRANSFORM: Readonly<Record<string, readonly string[]>> = {
  model: ['CreateModel', 'DescribeModel'],
  'transform-job': ['CreateTransformJob', 'DescribeTransformJob', 'StopTransformJob'],
};
