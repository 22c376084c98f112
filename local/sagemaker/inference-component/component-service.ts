import { join } from 'node:path';
import type { JsonObject } from '../../../core/json';
import type { Invocation, InvocationResult } from '../api/invocation';
import type { Context } from '../context';
import type { DeploymentHistory } from '../endpoint/deployment-history';
import { createEndpointService, type EndpointServiceOptions } from '../endpoint/endpoint-service';
import { text } from '../job/text';
import type { Call, Operations } from '../operation';
import type { RunningPart } from '../running-part';
import { ServiceError } from '../service-error';
import { Store } from '../store';
import { componentCall } from './component-config';
import { componentMetrics } from './component-metrics';
import { componentOperations } from './component-operations';
import { components } from './component-record';

export interface ComponentService extends RunningPart {
  /** @throws ServiceError */
  invoke(componentName: string, invocation: Invocation): Promise<InvocationResult>;
  /** @returns undefined if there is no such component */
  deploymentsOf(componentName: string): DeploymentHistory | undefined;
}

/**
 * Inference components. The copies of one are run, updated and asked as the instances of an endpoint are, in a store of
 * their own.
 * @param endpoints operations of the endpoints that the components are on
 */
export function createComponentService(
  context: Context,
  call: Call,
  endpoints: Operations,
  options: EndpointServiceOptions = {},
): ComponentService {
  const records = components(context.store);
  const copies = createEndpointService(
    {
      ...context,
      store: new Store(join(context.store.root, 'inference-component-copies')),
      // Nobody may take them for endpoints.
      events: { publish: async () => undefined },
      metrics: context.metrics && componentMetrics(context.metrics),
    },
    componentCall(records, call),
    options,
  );
  const on = (endpointName: string) => records.list().filter(({ EndpointName }) => EndpointName === endpointName);

  return {
    operations: {
      ...componentOperations({ context, call, records, copies: copies.operations }),

      async DeleteEndpoint(input: JsonObject) {
        const left = on(input.EndpointName as string);
        const known = await Promise.all(
          left.map(({ InferenceComponentName: name }) =>
            call('DescribeInferenceComponent', { InferenceComponentName: name }).then(
              () => [name],
              () => [],
            ),
          ),
        );
        if (known.flat().length > 0)
          throw new ServiceError(
            'ValidationException',
            `Cannot delete endpoint ${text(input.EndpointName)}: inference components are on it, ${known.flat().join(', ')}; delete them first`,
          );
        return (await endpoints.DeleteEndpoint?.(input)) ?? {};
      },
    },

    async invoke(componentName, invocation) {
      const record = records.get(componentName);
      if (record?.EndpointName !== invocation.endpointName)
        throw new ServiceError(
          'ValidationError',
          `Inference component ${componentName} not found on endpoint ${invocation.endpointName}.`,
        );
      return copies.invoke({ ...invocation, endpointName: componentName, targetVariant: undefined });
    },

    deploymentsOf: (componentName) => copies.deploymentsOf(componentName),
    resume: () => copies.resume(),
    close: () => copies.close(),
  };
}
