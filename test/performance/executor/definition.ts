import { predecessors, type Work } from './work';

export interface DefinitionProps {
  readonly work: Work;
  readonly imageUri: string;
  /** In `peers/`. */
  readonly script: string;
  readonly role: string;
  /** Folder that takes the files of the steps. */
  readonly outputs: string;
  /**
   * `s3://BUCKET/PREFIX` that the files go through: a step gets those of the steps before as its input.
   * @default - the steps share the folder, and depend on each other by name
   */
  readonly prefix?: string;
}

const PROCESSING = '/opt/ml/processing';

/** The pipeline as SageMaker takes it: a processing job a step. */
export function pipelineDefinition(props: DefinitionProps): string {
  const { steps } = props.work;
  return JSON.stringify({
    Version: '2020-12-01',
    Metadata: {},
    Steps: Array.from({ length: steps }, (_, index) => step(props, index)),
  });
}

function step({ work, imageUri, script, role, outputs, prefix }: DefinitionProps, index: number) {
  const before = predecessors(work, index);
  const [only] = before;
  const words = [work.shape, String(work.steps), String(index)];
  return {
    Name: nameOf(index),
    Type: 'Processing',
    DependsOn: before.map(nameOf),
    Arguments: {
      RoleArn: role,
      AppSpecification: {
        ImageUri: imageUri,
        ContainerEntrypoint: ['python3', `/opt/program/${script}`],
        ContainerArguments:
          prefix === undefined ? [outputs, ...words] : [`${PROCESSING}/output`, ...words, `${PROCESSING}/input`],
      },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
      ...(prefix !== undefined && {
        ...(only !== undefined && {
          // The last of a fan-out takes all that lies there: a job has ten inputs at most.
          ProcessingInputs: [s3('Input', before.length > 1 ? `${prefix}/` : `${prefix}/${only}/`, 'input')],
        }),
        ProcessingOutputConfig: { Outputs: [s3('Output', `${prefix}/${index}/`, 'output')] },
      }),
    },
  };
}

function s3(kind: 'Input' | 'Output', S3Uri: string, folder: string) {
  const shared = { S3Uri, LocalPath: `${PROCESSING}/${folder}` };
  return kind === 'Input'
    ? { InputName: folder, S3Input: { ...shared, S3DataType: 'S3Prefix', S3InputMode: 'File' } }
    : { OutputName: folder, S3Output: { ...shared, S3UploadMode: 'EndOfJob' } };
}

function nameOf(index: number): string {
  return `step-${index}`;
}
