import type { QualityCheckStep, Runtime } from '../../definition';
import { type Step, step } from '../../sagemaker/step';
import { cluster, common, stopping, vpc } from './common';
import type { Values } from './values';

const INPUT = '/opt/ml/processing/input/baseline_dataset_input';
const OUTPUT = '/opt/ml/processing/output';
const FORMATS = { csv: { csv: { header: true } }, json: { json: { lines: true } } } as const;

/**
 * Data quality by Model Monitor's analyser, which is told by variables of its container.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-contract-inputs.html
 */
export function qualityCheck(definition: QualityCheckStep, runtime: Runtime, values: Values): Step {
  const { name, compute, image, dataset, format, group, baseline, failOnViolation, cacheDays } = definition;
  return step(
    'QualityCheck',
    name,
    {
      RoleArn: runtime.identity,
      AppSpecification: { ImageUri: image },
      ProcessingResources: { ClusterConfig: cluster(compute, runtime) },
      ProcessingInputs: [
        {
          InputName: 'baseline_dataset_input',
          S3Input: { S3Uri: values.text(dataset), LocalPath: INPUT, S3DataType: 'S3Prefix', S3InputMode: 'File' },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'quality_check_output',
            S3Output: {
              S3Uri: values.destination(name, 'quality_check_output', 'models'),
              LocalPath: OUTPUT,
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
        KmsKeyId: runtime.encryptionKey,
      },
      StoppingCondition: stopping(compute),
      Environment: {
        ...runtime.environment,
        dataset_format: JSON.stringify(FORMATS[format]),
        dataset_source: INPUT,
        output_path: OUTPUT,
        publish_cloudwatch_metrics: 'Disabled',
      },
      NetworkConfig: runtime.network && { EnableNetworkIsolation: runtime.network.isolated, VpcConfig: vpc(runtime) },
    },
    {
      ...common(definition),
      CheckType: 'DATA_QUALITY',
      ModelPackageGroupName: group,
      FailOnViolation: failOnViolation,
      SkipCheck: false,
      RegisterNewBaseline: false,
      SuppliedBaselineStatistics: baseline && values.text(baseline.statistics),
      SuppliedBaselineConstraints: baseline && values.text(baseline.constraints),
      cacheFor: cacheDays !== 0 ? `P${cacheDays}D` : undefined,
    },
  );
}
