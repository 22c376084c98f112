import type { ProcessingStep, Runtime } from '../../definition';
import { type Step, step } from '../../sagemaker/step';
import { cluster, jobOptions, scriptPath, stopping, unlessEmpty, vpc } from './common';
import type { Values } from './values';

/** Inputs and outputs lie in folders of their names below /opt/ml/processing. */
export function processing(definition: ProcessingStep, runtime: Runtime, values: Values): Step {
  const { name, compute, image = runtime.image, script, inputs, outputs, outputsTo, metricFiles } = definition;
  const files = Object.entries(metricFiles);
  return step(
    'Processing',
    name,
    {
      RoleArn: runtime.identity,
      AppSpecification: {
        ImageUri: image,
        ContainerEntrypoint: ['python3', scriptPath(script)],
        ContainerArguments: unlessEmpty(
          Object.entries(definition.arguments).flatMap(([option, value]) => [`--${option}`, values.text(value)]),
        ),
      },
      ProcessingResources: { ClusterConfig: cluster(compute, runtime) },
      ProcessingInputs: unlessEmpty(
        Object.entries(inputs).map(([input, uri]) => ({
          InputName: input,
          S3Input: {
            S3Uri: values.text(uri),
            LocalPath: `/opt/ml/processing/input/${input}`,
            S3DataType: 'S3Prefix' as const,
            S3InputMode: 'File' as const,
          },
        })),
      ),
      ProcessingOutputConfig: unlessEmpty(outputs) && {
        Outputs: outputs.map((output) => ({
          OutputName: output,
          S3Output: {
            S3Uri: values.destination(name, output, outputsTo),
            LocalPath: `/opt/ml/processing/output/${output}`,
            S3UploadMode: 'EndOfJob' as const,
          },
        })),
        KmsKeyId: runtime.encryptionKey,
      },
      StoppingCondition: stopping(compute),
      Environment: unlessEmpty(runtime.environment),
      NetworkConfig: runtime.network && {
        EnableNetworkIsolation: runtime.network.isolated,
        VpcConfig: vpc(runtime),
      },
    },
    {
      ...jobOptions(definition),
      propertyFiles:
        files.length > 0
          ? files.map(([PropertyFileName, { output, file }]) => ({
              PropertyFileName,
              OutputName: output,
              FilePath: file,
            }))
          : undefined,
    },
  );
}
