import type { Json, JsonObject } from '../../../core/json';
import type { JobNoun } from './job-noun';

/** What a laptop can do at one place of a request. */
interface Limit {
  /** Members from the top, `*` for each element of a list. */
  readonly path: string;
  /** Values that are run. With none given, the member has to be left out. */
  readonly allowed?: readonly Json[];
}

const TRAINING: readonly Limit[] = [
  { path: 'AlgorithmSpecification.TrainingInputMode', allowed: ['File'] },
  { path: 'AlgorithmSpecification.AlgorithmName' },
  { path: 'InputDataConfig.*.InputMode', allowed: ['File'] },
  { path: 'InputDataConfig.*.CompressionType', allowed: ['None'] },
  { path: 'InputDataConfig.*.RecordWrapperType', allowed: ['None'] },
  { path: 'InputDataConfig.*.ShuffleConfig' },
  { path: 'InputDataConfig.*.DataSource.FileSystemDataSource' },
  { path: 'InputDataConfig.*.DataSource.DatasetSource' },
  { path: 'InputDataConfig.*.DataSource.S3DataSource.S3DataType', allowed: ['S3Prefix'] },
  { path: 'OutputDataConfig.CompressionType', allowed: ['GZIP'] },
  { path: 'ResourceConfig.InstanceCount', allowed: [1] },
  { path: 'ResourceConfig.InstanceGroups' },
  { path: 'ServerlessJobConfig' },
  { path: 'ModelPackageConfig' },
];

const LIMITS: Readonly<Record<JobNoun, readonly Limit[]>> = {
  ProcessingJob: [
    { path: 'ProcessingInputs.*.DatasetDefinition' },
    { path: 'ProcessingInputs.*.S3Input.S3InputMode', allowed: ['File'] },
    { path: 'ProcessingInputs.*.S3Input.S3DataType', allowed: ['S3Prefix'] },
    { path: 'ProcessingInputs.*.S3Input.S3CompressionType', allowed: ['None'] },
    { path: 'ProcessingOutputConfig.Outputs.*.FeatureStoreOutput' },
    { path: 'ProcessingOutputConfig.Outputs.*.S3Output.S3UploadMode', allowed: ['EndOfJob'] },
    { path: 'ProcessingResources.ClusterConfig.InstanceCount', allowed: [1] },
  ],
  TrainingJob: TRAINING,
  HyperParameterTuningJob: [
    { path: 'HyperParameterTuningJobConfig.Strategy', allowed: ['Bayesian', 'Random', 'Grid'] },
    { path: 'HyperParameterTuningJobConfig.StrategyConfig' },
    { path: 'HyperParameterTuningJobConfig.TrainingJobEarlyStoppingType', allowed: ['Off'] },
    { path: 'HyperParameterTuningJobConfig.ParameterRanges.AutoParameters' },
    { path: 'HyperParameterTuningJobConfig.TuningJobCompletionCriteria.ConvergenceDetected' },
    { path: 'WarmStartConfig' },
    { path: 'Autotune' },
    { path: 'TrainingJobDefinitions' },
    { path: 'TrainingJobDefinition.HyperParameterRanges' },
    { path: 'TrainingJobDefinition.HyperParameterTuningResourceConfig' },
    ...TRAINING.map(({ path, allowed }) => ({ path: `TrainingJobDefinition.${path}`, allowed })),
  ],
  TransformJob: [
    { path: 'TransformInput.CompressionType', allowed: ['None'] },
    { path: 'TransformInput.DataSource.S3DataSource.S3DataType', allowed: ['S3Prefix'] },
    { path: 'TransformResources.InstanceCount', allowed: [1] },
    { path: 'DataCaptureConfig' },
  ],
};

/**
 * What a request asks for that SageMaker does and a laptop doesn't.
 * @param request of the Create action, resolved or as a pipeline definition has it: references are passed over
 * @param where stands before each message
 */
export function unsupported(noun: JobNoun, request: JsonObject, where: string): string[] {
  return LIMITS[noun].flatMap(({ path, allowed }) =>
    valuesAt(request, path.split('.'))
      .filter((value) => !isReference(value) && !allowed?.includes(value))
      .map((value) =>
        allowed
          ? `${where}.${path}: a laptop runs only ${allowed.map((one) => JSON.stringify(one)).join(', ')}, got ${JSON.stringify(value)}; use one of these or an account`
          : `${where}.${path}: a laptop can't do this, got ${JSON.stringify(value).slice(0, 100)}; leave it out or use an account`,
      ),
  );
}

function valuesAt(value: Json | undefined, [first, ...rest]: readonly string[]): Json[] {
  if (value === undefined || value === null) return [];
  if (first === undefined) return [value];
  if (first === '*') return Array.isArray(value) ? (value as Json[]).flatMap((item) => valuesAt(item, rest)) : [];
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  return valuesAt((value as JsonObject)[first], rest);
}

function isReference(value: Json): boolean {
  return (
    typeof value === 'object' && value !== null && ('Get' in value || 'Std:Join' in value || 'Std:JsonGet' in value)
  );
}
