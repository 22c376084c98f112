import type { JsonObject } from '../../../core/json';
import type { JobDirectory } from './job-directory';
import type { TrainingRequest } from './training-job';

const CONFIG = '/opt/ml/input/config';

/**
 * Writes what a training container reads. The SM_* variables are not among it: the training toolkit of an image sets
 * these, not the service.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
export function writeTrainingConfiguration(
  directory: JobDirectory,
  { HyperParameters, InputDataConfig = [], ResourceConfig }: TrainingRequest,
): void {
  directory.writeJson(`${CONFIG}/hyperparameters.json`, HyperParameters ?? {});
  directory.writeJson(`${CONFIG}/resourceconfig.json`, {
    current_host: 'algo-1',
    current_instance_type: ResourceConfig?.InstanceType ?? '',
    hosts: ['algo-1'],
    network_interface_name: 'lo',
  });
  directory.writeJson(
    `${CONFIG}/inputdataconfig.json`,
    Object.fromEntries(
      InputDataConfig.map(({ ChannelName = '', ContentType, DataSource }): [string, JsonObject] => [
        ChannelName,
        {
          TrainingInputMode: 'File',
          S3DistributionType: DataSource?.S3DataSource?.S3DataDistributionType ?? 'FullyReplicated',
          RecordWrapperType: 'None',
          ...(ContentType && { ContentType }),
        },
      ]),
    ),
  );
}
