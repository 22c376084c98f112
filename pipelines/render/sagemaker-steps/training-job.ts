import type { Runtime, TrainingStep, TuningStep } from '../../definition';
import { cluster, stopping, unlessEmpty, vpc } from './common';
import type { Values } from './values';

/** What a training job and each job of a tuning have in common. */
export function trainingJob(definition: TrainingStep | TuningStep, runtime: Runtime, values: Values) {
  const { compute, image = runtime.image, channels, metrics } = definition;
  return {
    RoleArn: runtime.identity,
    AlgorithmSpecification: {
      TrainingImage: image,
      TrainingInputMode: 'File' as const,
      MetricDefinitions: unlessEmpty(metrics.map((metric) => ({ Name: metric, Regex: printed(metric) }))),
    },
    InputDataConfig: Object.entries(channels).map(([channel, uri]) => ({
      ChannelName: channel,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: values.text(uri) } },
    })),
    OutputDataConfig: { S3OutputPath: runtime.modelsUri, KmsKeyId: runtime.encryptionKey },
    ResourceConfig: cluster(compute, runtime),
    StoppingCondition: stopping(compute),
    Environment: unlessEmpty(runtime.environment),
    VpcConfig: vpc(runtime),
    EnableNetworkIsolation: runtime.network?.isolated,
  };
}

/** The image's `train` runs the script that this hyperparameter names and hands the others to it. */
export function hyperparameters({ script, hyperparameters: given }: TrainingStep | TuningStep, values: Values) {
  return { sagemaker_program: script, ...values.texts(given) };
}

/** A line of the log such as `validation_roc_auc=0.7123`. */
function printed(metric: string): string {
  return `\\b${metric}=([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)`;
}
