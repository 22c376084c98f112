import { InvalidInputError } from '../../../core/invalid-input-error';
import { pipeline, processing, training } from '../../../pipelines/builder';
import type { Step as PortableStep } from '../../../pipelines/definition';
import { renderSageMaker } from '../../../pipelines/render/sagemaker';
import { condition } from '../../../pipelines/sagemaker/condition';
import { fail } from '../../../pipelines/sagemaker/fail';
import { floatParameter, integerParameter, stringParameter } from '../../../pipelines/sagemaker/parameter';
import { step } from '../../../pipelines/sagemaker/step';
import { define, prepare, processingJob, ROLE } from './smallest';

const job = processingJob();
const compute = { instanceType: 'ml.m5.large' };
const report = ['report'] as const;
const trainingJob = {
  RoleArn: ROLE,
  OutputDataConfig: { S3OutputPath: 's3://bucket/models' },
  ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
} as const;
const search = {
  Strategy: 'Random',
  ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 },
} as const;
const text = stringParameter('Text');
const number = floatParameter('Number');
const other = prepare('Other', report);

function render(...steps: readonly PortableStep[]): unknown {
  const runtime = { image: 'image', identity: ROLE, workspaceUri: 's3://work', modelsUri: 's3://models' };
  return renderSageMaker(pipeline('test', { steps, runtime }));
}

/** Each doesn't compile, which `npm run types` verifies, and is refused at synth if somebody silences the compiler. */
const MISTAKES: Readonly<Record<string, () => unknown>> = {
  'an output that is not declared': () => {
    const made = processing('A', { compute, script: 'a.py', outputs: report });
    // @ts-expect-error reprot
    return render(made, training('B', { compute, script: 'b.py', channels: { train: made.output('reprot') } }));
  },
  'an output of a step that declares none': () => {
    const made = processing('A', { compute, script: 'a.py' });
    // @ts-expect-error there is none
    return render(made, training('B', { compute, script: 'b.py', channels: { train: made.output('report') } }));
  },
  'a metric file that is not declared': () => {
    const metricFiles = { Metrics: { output: 'report', file: 'a.json' } } as const;
    const made = processing('A', { compute, script: 'a.py', outputs: report, metricFiles });
    const channels = { train: 's3://bucket/a' };
    // @ts-expect-error Metric
    const hyperparameters = { auc: made.metric('Metric', 'auc') };
    return render(made, training('B', { compute, script: 'b.py', channels, hyperparameters }));
  },
  'a metric file in an output that is not declared': () =>
    render(
      processing('A', {
        compute,
        script: 'a.py',
        outputs: report,
        // @ts-expect-error reprot
        metricFiles: { Metrics: { output: 'reprot', file: 'a.json' } },
      }),
    ),
  'a number at a string': () =>
    // @ts-expect-error RoleArn is a string
    define([step('Processing', 'A', { ...job, RoleArn: number })], [number]),
  'a string at a number': () => {
    // @ts-expect-error MaxRuntimeInSeconds is a number
    const made = step('Processing', 'A', { ...job, StoppingCondition: { MaxRuntimeInSeconds: text } });
    return define([made], [text]);
  },
  'a required member that is missing': () =>
    // @ts-expect-error AppSpecification
    define([step('Processing', 'A', { RoleArn: ROLE, ProcessingResources: job.ProcessingResources })]),
  'a value that an enum lacks': () => {
    const s3 = { S3Uri: 's3://bucket/a', S3DataType: 'S3Folder', LocalPath: '/opt/ml/processing/a' } as const;
    // @ts-expect-error S3Folder
    return define([step('Processing', 'A', { ...job, ProcessingInputs: [{ InputName: 'a', S3Input: s3 }] })]);
  },
  'a member that there is not': () =>
    // @ts-expect-error StopingCondition
    define([step('Processing', 'A', { ...job, StopingCondition: { MaxRuntimeInSeconds: 60 } })]),
  'a name of a job': () =>
    // @ts-expect-error SageMaker gives it
    define([step('Processing', 'A', { ...job, ProcessingJobName: 'mine' })]),
  'an entrypoint in a tuning': () => {
    const AlgorithmSpecification = {
      TrainingImage: 'image',
      TrainingInputMode: 'File',
      ContainerEntrypoint: ['python3'],
    } as const;
    return define([
      step('Tuning', 'A', {
        HyperParameterTuningJobConfig: search,
        TrainingJobDefinition: {
          ...trainingJob,
          AlgorithmSpecification: {
            ...AlgorithmSpecification,
            // @ts-expect-error jobs of a tuning run the image's own
            ContainerEntrypoint: AlgorithmSpecification.ContainerEntrypoint,
          },
        },
      }),
    ]);
  },
  'a reference where a list is expected': () => {
    const AppSpecification = { ImageUri: 'image', ContainerArguments: text };
    // @ts-expect-error ContainerArguments is a list
    return define([step('Processing', 'A', { ...job, AppSpecification })], [text]);
  },
  'a reference where a structure is expected': () =>
    // @ts-expect-error AppSpecification is a structure
    define([step('Processing', 'A', { ...job, AppSpecification: text })], [text]),
  'a property that a job does not have': () =>
    // @ts-expect-error ProcessingJobAr
    define([other, step('Processing', 'A', { ...job, RoleArn: other.properties.ProcessingJobAr })]),
  'a whole list of a job': () =>
    // @ts-expect-error only single values can be read
    define([other, step('Processing', 'A', { ...job, RoleArn: other.properties.ProcessingOutputConfig.Outputs })]),
  'a cache for a step that has none': () =>
    // @ts-expect-error Model
    define([step('Model', 'A', { ExecutionRoleArn: ROLE }, { cacheFor: 'P30D' })]),
  'a retry after a fault of a job for a step without one': () => {
    const retryPolicies = [{ ExceptionType: ['SageMaker.CAPACITY_ERROR'], MaxAttempts: 1 }] as const;
    // @ts-expect-error SageMaker.CAPACITY_ERROR
    return define([step('Model', 'A', { ExecutionRoleArn: ROLE }, { retryPolicies })]);
  },
  'a retry by attempts and by time': () => {
    const retryPolicies = [{ ExceptionType: ['Step.THROTTLING'], MaxAttempts: 1, ExpireAfterMin: 1 }] as const;
    // @ts-expect-error one of the two
    return define([prepare('A', [], { retryPolicies })]);
  },
  'a Lambda that calls nothing': () =>
    // @ts-expect-error FunctionArn
    define([step('Lambda', 'A', {})]),
  'data capture in a pipeline': () =>
    // @ts-expect-error SageMaker refuses it
    define([step('EndpointConfig', 'A', { EndpointConfigName: 'a', ProductionVariants: [], DataCaptureConfig: {} })]),
  'guardrails in a pipeline': () =>
    // @ts-expect-error SageMaker refuses it
    define([step('Endpoint', 'A', { EndpointName: 'a', EndpointConfigName: 'a', DeploymentConfig: {} })]),
  'a metric of a step that has no property files': () => {
    const model = step('Model', 'Model', { ExecutionRoleArn: ROLE });
    // @ts-expect-error only Processing has them
    return define([model, step('Processing', 'A', { ...job, RoleArn: model.jsonGet('Metrics', 'auc') })]);
  },
  'a property of a Fail step': () => {
    const stop = fail('Stop', 'no');
    // @ts-expect-error nothing can follow it
    return define([stop, step('Processing', 'A', { ...job, RoleArn: stop.properties.ErrorMessage })]);
  },
  'a default of another type': () =>
    // @ts-expect-error a number
    define([other], [integerParameter('A', { defaultValue: '1' })]),
  'a default that is not among the values': () =>
    // @ts-expect-error c
    define([other], [stringParameter('A', { defaultValue: 'c', enumValues: ['a', 'b'] })]),
  'a comparison that there is not': () => {
    const conditions = [{ Type: 'Greater', LeftValue: number, RightValue: 1 }] as const;
    // @ts-expect-error Greater
    return define([condition('A', { conditions, ifSteps: [] })], [number]);
  },
};

describe('the compiler knows, and the synth refuses,', () => {
  test.each(Object.entries(MISTAKES))('%s', (_, make) => {
    expect(make).toThrow(InvalidInputError);
  });
});
