import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import { without } from '../api/without';
import type { Context } from '../context';
import type { Operations } from '../operation';
import { ServiceError } from '../service-error';
import { checkServingMode } from './check-serving-mode';
import { checkVariants } from './check-variants';
import { endpointConfigs } from './endpoint-config-record';
import { findEndpointConfig } from './find-endpoint-config';

/** Members of the request that an account knows and this machine can't honour. */
const REFUSED = ['ExplainerConfig'] as const;

/** Configurations of endpoints. They are never changed: an endpoint is updated by giving it another one. */
export function endpointConfigOperations(context: Context): Operations {
  const collection = endpointConfigs(context.store);
  return {
    CreateEndpointConfig(input) {
      const EndpointConfigName = input.EndpointConfigName as string;
      const EndpointConfigArn = arn(context, `endpoint-config/${EndpointConfigName}`);
      if (collection.get(EndpointConfigName))
        throw new ServiceError(
          'ValidationException',
          `Cannot create already existing endpoint configuration "${EndpointConfigArn}".`,
        );
      checkServingMode(input);
      for (const member of REFUSED)
        if (input[member] !== undefined)
          throw new ServiceError('ValidationException', `${member}: the local SageMaker doesn't implement it`);
      const names = new Set<string>();
      const variants = (member: 'ProductionVariants' | 'ShadowProductionVariants') =>
        checkVariants(
          context,
          member,
          (input[member] ?? []) as readonly JsonObject[],
          names,
          input.ExecutionRoleArn !== undefined,
        );
      collection.put(EndpointConfigName, {
        ...without(input, 'Tags'),
        EndpointConfigName,
        EndpointConfigArn,
        CreationTime: context.now().toISOString(),
        ProductionVariants: variants('ProductionVariants'),
        ...(input.ShadowProductionVariants !== undefined && {
          ShadowProductionVariants: variants('ShadowProductionVariants'),
        }),
      });
      return { EndpointConfigArn };
    },

    DescribeEndpointConfig: ({ EndpointConfigName }) => findEndpointConfig(context, EndpointConfigName as string),

    DeleteEndpointConfig({ EndpointConfigName }) {
      collection.delete(findEndpointConfig(context, EndpointConfigName as string).EndpointConfigName);
      return {};
    },

    ListEndpointConfigs(input) {
      const { items, NextToken } = listRecords({
        records: collection.list(),
        input,
        nameOf: (config) => config.EndpointConfigName,
        sortBy: { Name: (config) => config.EndpointConfigName, CreationTime: (config) => config.CreationTime },
        defaultOrder: 'Descending',
      });
      return {
        EndpointConfigs: items.map(({ EndpointConfigName, EndpointConfigArn, CreationTime }) => ({
          EndpointConfigName,
          EndpointConfigArn,
          CreationTime,
        })),
        NextToken,
      };
    },
  };
}
