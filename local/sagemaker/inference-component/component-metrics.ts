import type { MetricPublisher } from '../metric-publisher';

/**
 * Publishes what the copies of components measure under the component's name, as the service does: alarms of a component
 * know neither endpoint nor variant.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export function componentMetrics(publisher: MetricPublisher): MetricPublisher {
  return {
    async publish(namespace, data) {
      if (namespace !== 'AWS/SageMaker') return;
      const own = data.flatMap((datum) => {
        const { EndpointName, EndpointConfigName } = datum.dimensions;
        if (EndpointName === undefined || EndpointConfigName !== undefined) return [];
        return [
          { ...datum, name: NAMES[datum.name] ?? datum.name, dimensions: { InferenceComponentName: EndpointName } },
        ];
      });
      await publisher.publish(namespace, own);
    },
  };
}

const NAMES: Readonly<Record<string, string>> = { InvocationsPerInstance: 'InvocationsPerCopy' };
