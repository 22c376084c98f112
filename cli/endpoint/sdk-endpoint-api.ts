import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { SdkReleaseApiProps } from '../release/sdk-release-api';
import type { EndpointApi } from './endpoint-api';

/** What looks at endpoints by SDK clients, besides SageMaker's own. */
export function sdkEndpointApi(config: SdkReleaseApiProps): Omit<EndpointApi, 'sageMaker'> {
  const cloudWatch = new CloudWatchClient(config);
  const autoScaling = new ApplicationAutoScalingClient(config);
  const runtime = new SageMakerRuntimeClient(config);
  return {
    cloudWatch: {
      describeAlarmHistory: (input) => cloudWatch.send(new DescribeAlarmHistoryCommand(input)),
      describeAlarms: (input) => cloudWatch.send(new DescribeAlarmsCommand(input)),
      getMetricData: (input) => cloudWatch.send(new GetMetricDataCommand(input)),
    },
    autoScaling: {
      describeScalableTargets: (input) => autoScaling.send(new DescribeScalableTargetsCommand(input)),
    },
    runtime: { invokeEndpoint: (input) => runtime.send(new InvokeEndpointCommand(input)) },
  };
}
