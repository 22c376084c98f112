import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  PREDICTION_SHIFT_METRIC,
  PREDICTION_SHIFT_NAMESPACE,
  PREDICTION_SHIFT_SAMPLES_METRIC,
} from '../../core/guards/prediction-shift-metric';

/** CloudWatch has SageMaker's metrics of endpoints by the minute. */
export const PERIOD = Duration.minutes(1);

export interface VariantIdentity {
  readonly endpointName: string;
  readonly variantName: string;
  /** Requests to a component are counted under its name, not under the variant's. @default - the variant has its model */
  readonly inferenceComponentName?: string;
  /** An asynchronous endpoint publishes neither Invocations nor OverheadLatency. @default false */
  readonly asynchronous?: boolean;
}

/**
 * Metrics of one variant, of all its instances and of both fleets while traffic shifts.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export function endpointMetrics(variant: VariantIdentity) {
  const { endpointName, variantName, inferenceComponentName, asynchronous = false } = variant;
  const ofVariant = { EndpointName: endpointName, VariantName: variantName };
  const ofRequests = inferenceComponentName ? { InferenceComponentName: inferenceComponentName } : ofVariant;
  const metric = (
    namespace: string,
    metricName: string,
    statistic: string,
    dimensionsMap: Record<string, string> = ofVariant,
  ) =>
    new Metric({
      namespace,
      metricName,
      statistic,
      period: PERIOD,
      dimensionsMap,
    });
  const invocation = (metricName: string, statistic: string) =>
    metric('AWS/SageMaker', metricName, statistic, ofRequests);
  const utilisation = (metricName: string) => metric('/aws/sagemaker/Endpoints', metricName, 'Maximum');
  const shift = (metricName: string) => metric(PREDICTION_SHIFT_NAMESPACE, metricName, 'Maximum');
  return {
    // There is one latency for each request.
    requests: asynchronous ? invocation('ModelLatency', 'SampleCount') : invocation('Invocations', 'Sum'),
    serverErrors: invocation('Invocation5XXErrors', 'Sum'),
    clientErrors: invocation('Invocation4XXErrors', 'Sum'),
    /** In microseconds. */
    latency: (name: 'ModelLatency' | 'OverheadLatency', percentile: number) => invocation(name, `p${percentile}`),
    /** In percent of one core: 400 on an instance whose four cores are busy. The busiest instance's. */
    cpu: utilisation('CPUUtilization'),
    /** The fullest instance's. */
    memory: utilisation('MemoryUtilization'),
    /** The fullest instance's. */
    disk: utilisation('DiskUtilization'),
    predictionShift: shift(PREDICTION_SHIFT_METRIC),
    predictionShiftSamples: shift(PREDICTION_SHIFT_SAMPLES_METRIC),
  };
}
