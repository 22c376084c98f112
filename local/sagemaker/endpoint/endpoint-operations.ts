import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import type { Context } from '../context';
import type { Call, Operations } from '../operation';
import { ServiceError } from '../service-error';
import { checkModeChange } from './check-mode-change';
import { deploymentPlan, type PlannedVariant } from './deployment-plan';
import { desiredVariant } from './desired-variant';
import type { Endpoint } from './endpoint';
import { type EndpointRecord, type EndpointStatus, retainedProperties } from './endpoint-record';

export interface EndpointOperationsProps {
  readonly context: Context;
  readonly call: Call;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly add: (record: EndpointRecord) => Endpoint;
  /** Begins the deletion. */
  readonly remove: (endpoint: Endpoint) => void;
}

const IN_PROGRESS: readonly EndpointStatus[] = ['Creating', 'Updating', 'RollingBack', 'Deleting'];

/** The control plane of endpoints. Like the service's, it answers at once and works in the background. */
export function endpointOperations({ context, call, endpoints, add, remove }: EndpointOperationsProps): Operations {
  const arnOf = (name: string) => arn(context, `endpoint/${name}`);

  function find(name: string): Endpoint {
    const endpoint = endpoints.get(name);
    if (!endpoint) throw invalid(`Could not find endpoint "${arnOf(name)}".`);
    return endpoint;
  }

  /** @param doing for the message, for example `update` */
  function settled(name: string, doing: string): Endpoint {
    const endpoint = find(name);
    const { EndpointStatus } = endpoint.current;
    if (IN_PROGRESS.includes(EndpointStatus)) throw invalid(`Cannot ${doing} in-progress endpoint "${arnOf(name)}".`);
    if (EndpointStatus === 'Failed' && doing !== 'delete')
      throw invalid(`Cannot ${doing} failed endpoint "${arnOf(name)}"; delete it and create it again.`);
    return endpoint;
  }

  function refuseExisting(name: string): void {
    if (endpoints.has(name)) throw invalid(`Cannot create already existing endpoint "${arnOf(name)}".`);
  }

  return {
    async CreateEndpoint(input) {
      const EndpointName = input.EndpointName as string;
      const EndpointConfigName = input.EndpointConfigName as string;
      requireName(EndpointName);
      refuseExisting(EndpointName);
      const config = await call('DescribeEndpointConfig', { EndpointConfigName });
      deploymentPlan(input.DeploymentConfig as JsonObject | undefined, plannedVariants(config));
      // Once more: another request may have come meanwhile.
      refuseExisting(EndpointName);
      const now = context.now().toISOString();
      const endpoint = add({
        EndpointName,
        EndpointArn: arnOf(EndpointName),
        EndpointConfigName,
        EndpointStatus: 'Creating',
        CreationTime: now,
        LastModifiedTime: now,
        LastDeploymentConfig: input.DeploymentConfig as JsonObject | undefined,
      });
      endpoint.create();
      return { EndpointArn: arnOf(EndpointName) };
    },

    async UpdateEndpoint(input) {
      const name = input.EndpointName as string;
      const endpointConfigName = input.EndpointConfigName as string;
      settled(name, 'update');
      const config = await call('DescribeEndpointConfig', { EndpointConfigName: endpointConfigName });
      const endpoint = settled(name, 'update');
      checkModeChange(endpoint.current.live, config);
      const deploymentConfig =
        input.RetainDeploymentConfig === true
          ? endpoint.current.LastDeploymentConfig
          : (input.DeploymentConfig as JsonObject | undefined);
      deploymentPlan(deploymentConfig, plannedVariants(config), endpoint.current.live?.variants);
      endpoint.update({
        endpointConfigName,
        startTime: context.now().toISOString(),
        deploymentConfig,
        retain: retainedProperties(input),
      });
      return { EndpointArn: arnOf(name) };
    },

    UpdateEndpointWeightsAndCapacities({ EndpointName, DesiredWeightsAndCapacities }) {
      const name = EndpointName as string;
      const endpoint = settled(name, 'update');
      endpoint.scale(
        (DesiredWeightsAndCapacities as readonly JsonObject[]).map((desired) =>
          desiredVariant(desired, endpoint.current.live),
        ),
      );
      return { EndpointArn: arnOf(name) };
    },

    DescribeEndpoint: ({ EndpointName }) => find(EndpointName as string).describe(),

    DeleteEndpoint({ EndpointName }) {
      remove(settled(EndpointName as string, 'delete'));
      return {};
    },

    ListEndpoints(input) {
      const { items, NextToken } = listRecords({
        records: [...endpoints.values()]
          .map(({ current }) => current)
          .filter(({ EndpointStatus }) => input.StatusEquals === undefined || EndpointStatus === input.StatusEquals),
        input,
        nameOf: ({ EndpointName }) => EndpointName,
        sortBy: {
          Name: ({ EndpointName }) => EndpointName,
          CreationTime: ({ CreationTime }) => CreationTime,
          Status: ({ EndpointStatus }) => EndpointStatus,
        },
        defaultOrder: 'Descending',
      });
      return {
        Endpoints: items.map(({ EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus }) => ({
          EndpointName,
          EndpointArn,
          CreationTime,
          LastModifiedTime,
          EndpointStatus,
        })),
        NextToken,
      };
    },
  };
}

function plannedVariants({ ProductionVariants }: JsonObject): PlannedVariant[] {
  return ((ProductionVariants ?? []) as readonly JsonObject[]).map(
    ({ VariantName, InitialInstanceCount, ServerlessConfig: serverless }) => ({
      name: VariantName as string,
      instanceCount: Number(InitialInstanceCount ?? (serverless ? 0 : 1)),
      serverless,
    }),
  );
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html */
function requireName(name: string): void {
  if (/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) return;
  throw invalid(
    `1 validation error detected: Value '${name}' at 'endpointName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
