import type {
  DescribeScalableTargetsCommandInput,
  DescribeScalableTargetsCommandOutput,
} from '@aws-sdk/client-application-auto-scaling';
import type {
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import type { InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { CloudWatchApi } from '../../core/release/aws/api';
import type { EndpointDescription } from '../../core/release/shift/endpoint-description';

type Answer<T> = Promise<{ readonly [K in keyof T]?: T[K] | undefined }>;

/** The calls that look at an endpoint, and ask it. */
export interface EndpointApi {
  /** How many times faster than configured an endpoint's waits go by. @default - as configured */
  readonly speedOf?: (endpointName: string) => Promise<number>;
  readonly sageMaker: { describeEndpoint(input: { EndpointName: string }): Promise<EndpointDescription> };
  readonly cloudWatch: Omit<CloudWatchApi, 'describeAlarms' | 'getMetricData'> & {
    describeAlarms(
      input: DescribeAlarmsCommandInput,
    ): Answer<Pick<DescribeAlarmsCommandOutput, 'MetricAlarms' | 'CompositeAlarms' | 'NextToken'>>;
    getMetricData(input: GetMetricDataCommandInput): Answer<Pick<GetMetricDataCommandOutput, 'MetricDataResults'>>;
  };
  readonly autoScaling: {
    describeScalableTargets(
      input: DescribeScalableTargetsCommandInput,
    ): Answer<Pick<DescribeScalableTargetsCommandOutput, 'ScalableTargets'>>;
  };
  readonly runtime: {
    invokeEndpoint(
      input: InvokeEndpointCommandInput,
    ): Answer<{ Body: Uint8Array; ContentType: string; InvokedProductionVariant: string }>;
  };
}
