import type { JsonObject } from '../../../core/json';

/** By the kind of resource in an ARN: how to find out whether it exists. */
const DESCRIBE: Readonly<
  Record<string, { readonly action: string; readonly input: (name: string, arn: string) => JsonObject }>
> = {
  'model-package-group': { action: 'DescribeModelPackageGroup', input: (name) => ({ ModelPackageGroupName: name }) },
  'model-package': { action: 'DescribeModelPackage', input: (_, arn) => ({ ModelPackageName: arn }) },
  model: { action: 'DescribeModel', input: (name) => ({ ModelName: name }) },
  'endpoint-config': { action: 'DescribeEndpointConfig', input: (name) => ({ EndpointConfigName: name }) },
  endpoint: { action: 'DescribeEndpoint', input: (name) => ({ EndpointName: name }) },
  'inference-component': { action: 'DescribeInferenceComponent', input: (name) => ({ InferenceComponentName: name }) },
  pipeline: { action: 'DescribePipeline', input: (name) => ({ PipelineName: name }) },
  'processing-job': { action: 'DescribeProcessingJob', input: (name) => ({ ProcessingJobName: name }) },
  'training-job': { action: 'DescribeTrainingJob', input: (name) => ({ TrainingJobName: name }) },
  'hyper-parameter-tuning-job': {
    action: 'DescribeHyperParameterTuningJob',
    input: (name) => ({ HyperParameterTuningJobName: name }),
  },
  'transform-job': { action: 'DescribeTransformJob', input: (name) => ({ TransformJobName: name }) },
};

/** The call that fails, with the service's own words, if the resource of that ARN isn't there. */
export function describeCall(arn: string): { readonly action: string; readonly input: JsonObject } | undefined {
  const [, kind = '', name = ''] = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([^/]+)\/(.+)$/.exec(arn) ?? [];
  const describe = Object.hasOwn(DESCRIBE, kind) ? DESCRIBE[kind] : undefined;
  return describe && { action: describe.action, input: describe.input(name, arn) };
}
