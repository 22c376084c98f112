import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import type { Context } from '../context';
import { text } from '../job/text';
import type { Call, Operations } from '../operation';
import { ServiceError } from '../service-error';
import type { Collection } from '../store';
import { deploymentOf } from './component-config';
import { type ComponentRecord, MOST_REVISIONS, type Revision } from './component-record';
import { describeComponent } from './describe-component';
import { hostVariant } from './host-variant';

export interface ComponentOperationsProps {
  readonly context: Context;
  readonly call: Call;
  readonly records: Collection<ComponentRecord>;
  /** Those of endpoints, for the copies: each component is one endpoint to them. */
  readonly copies: Operations;
}

const FILTERS = [
  ['EndpointNameEquals', 'EndpointName'],
  ['VariantNameEquals', 'VariantName'],
  ['StatusEquals', 'InferenceComponentStatus'],
] as const;

/** What a list says of a component. */
const MEMBERS = [
  'InferenceComponentName',
  'InferenceComponentArn',
  'InferenceComponentStatus',
  'EndpointName',
  'EndpointArn',
  'VariantName',
  'CreationTime',
  'LastModifiedTime',
] as const;

/** Members of a specification that an account knows and this machine can't honour. */
const REFUSED = ['BaseInferenceComponentName', 'DataCacheConfig', 'SchedulingConfig'] as const;

/**
 * The control plane of inference components. What a copy takes of its instance isn't looked at: all run on this machine.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html
 */
export function componentOperations({ context, call, records, copies }: ComponentOperationsProps): Operations {
  const arnOf = (name: string) => arn(context, `inference-component/${name}`);
  const ask = async (action: string, input: JsonObject) => (await copies[action]?.(input)) ?? {};

  function find(name: string): ComponentRecord {
    const record = records.get(name);
    if (!record) throw invalid(`Could not find inference component "${arnOf(name)}".`);
    return record;
  }

  /** A component whose copies are gone goes as well: its deletion works in the background. */
  async function describe(name: string): Promise<JsonObject> {
    const record = find(name);
    const state = await ask('DescribeEndpoint', { EndpointName: name }).catch(() => undefined);
    if (state) return describeComponent(record, state);
    records.delete(name);
    throw invalid(`Could not find inference component "${arnOf(name)}".`);
  }

  async function change(input: JsonObject, specification: JsonObject, wanted: number): Promise<void> {
    const name = input.InferenceComponentName as string;
    const record = find(name);
    const [latest] = record.revisions.slice(-1);
    const { EndpointStatus, EndpointConfigName: live } = await ask('DescribeEndpoint', { EndpointName: name });
    if (EndpointStatus !== 'InService')
      throw invalid(`Cannot update inference component "${arnOf(name)}" that is ${text(EndpointStatus)}.`);
    const serves = record.revisions.find((each) => each.name === live) ?? latest;
    if (serves && isDeepStrictEqual(serves.specification, specification)) {
      if (serves.copies !== wanted) await scale(record, serves, wanted);
      return;
    }
    const next = revisionOf(name, specification, wanted);
    const config = deploymentOf(input.DeploymentConfig as JsonObject | undefined);
    const kept = record.revisions.slice(1 - MOST_REVISIONS);
    records.put(name, {
      ...record,
      revisions: [...kept.filter((each) => each !== serves), ...(serves ? [serves] : []), next],
    });
    try {
      await ask('UpdateEndpoint', { EndpointName: name, EndpointConfigName: next.name, DeploymentConfig: config });
    } catch (error) {
      records.put(name, record);
      throw error;
    }
  }

  async function scale(record: ComponentRecord, { name: serving }: Revision, wanted: number): Promise<void> {
    const { InferenceComponentName: EndpointName, VariantName } = record;
    const DesiredWeightsAndCapacities = [{ VariantName, DesiredInstanceCount: wanted }];
    await ask('UpdateEndpointWeightsAndCapacities', { EndpointName, DesiredWeightsAndCapacities });
    const revisions = record.revisions.map((each) => (each.name === serving ? { ...each, copies: wanted } : each));
    records.put(EndpointName, { ...record, revisions });
  }

  return {
    async CreateInferenceComponent(input) {
      const name = input.InferenceComponentName as string;
      const EndpointName = input.EndpointName as string;
      if (records.get(name)) throw invalid(`Cannot create already existing inference component "${arnOf(name)}".`);
      const specification = checked(input.Specification as JsonObject);
      const VariantName = await hostVariant(call, EndpointName, input.VariantName as string | undefined);
      const revision = revisionOf(name, specification, copiesOf(input.RuntimeConfig as JsonObject));
      records.put(name, {
        InferenceComponentName: name,
        InferenceComponentArn: arnOf(name),
        EndpointName,
        EndpointArn: arn(context, `endpoint/${EndpointName}`),
        VariantName,
        CreationTime: context.now().toISOString(),
        revisions: [revision],
      });
      try {
        await ask('CreateEndpoint', { EndpointName: name, EndpointConfigName: revision.name });
      } catch (error) {
        records.delete(name);
        throw error;
      }
      return { InferenceComponentArn: arnOf(name) };
    },

    DescribeInferenceComponent: ({ InferenceComponentName }) => describe(InferenceComponentName as string),

    async UpdateInferenceComponent(input) {
      const name = input.InferenceComponentName as string;
      const { specification, copies: before } = await current(name);
      const runtime = input.RuntimeConfig as JsonObject | undefined;
      const asked = input.Specification as JsonObject | undefined;
      await change(input, asked ? checked(asked) : specification, runtime ? copiesOf(runtime) : before);
      return { InferenceComponentArn: arnOf(name) };
    },

    async UpdateInferenceComponentRuntimeConfig(input) {
      const name = input.InferenceComponentName as string;
      const { specification } = await current(name);
      await change(input, specification, copiesOf(input.DesiredRuntimeConfig as JsonObject));
      return { InferenceComponentArn: arnOf(name) };
    },

    async DeleteInferenceComponent({ InferenceComponentName }) {
      const name = InferenceComponentName as string;
      find(name);
      await ask('DeleteEndpoint', { EndpointName: name });
      return {};
    },

    async ListInferenceComponents(input) {
      const all = await Promise.all(
        records.list().map(({ InferenceComponentName: name }) => describe(name).catch(() => undefined)),
      );
      const wanted = all
        .filter((each) => each !== undefined)
        .filter((each) => FILTERS.every(([filter, member]) => [undefined, each[member]].includes(input[filter])));
      const { items, NextToken } = listRecords({
        records: wanted.map((each) => ({
          each,
          CreationTime: text(each.CreationTime),
          LastModifiedTime: text(each.LastModifiedTime),
        })),
        input,
        nameOf: ({ each }) => text(each.InferenceComponentName),
        sortBy: {
          Name: ({ each }) => text(each.InferenceComponentName),
          CreationTime: ({ CreationTime }) => CreationTime,
          Status: ({ each }) => text(each.InferenceComponentStatus),
        },
        defaultOrder: 'Descending',
      });
      return {
        InferenceComponents: items.map(({ each }) =>
          Object.fromEntries(MEMBERS.map((member) => [member, each[member]])),
        ),
        NextToken,
      };
    },
  };

  /** What serves, with the copies that are asked for just now. */
  async function current(name: string): Promise<Revision> {
    const record = find(name);
    const { EndpointConfigName } = await ask('DescribeEndpoint', { EndpointName: name });
    const found = record.revisions.find((each) => each.name === EndpointConfigName) ?? record.revisions.at(-1);
    if (!found) throw invalid(`Could not find inference component "${arnOf(name)}".`);
    return found;
  }
}

function revisionOf(name: string, specification: JsonObject, copies: number): Revision {
  return { name: `${name.slice(0, 50)}-${randomUUID().slice(0, 8)}`, specification, copies };
}

/** @throws ServiceError ValidationException */
function checked(specification: JsonObject): JsonObject {
  for (const member of REFUSED)
    if (specification[member] !== undefined)
      throw invalid(`Specification.${member}: the local SageMaker doesn't implement it`);
  const { ModelName, Container } = specification;
  if ((ModelName === undefined) === (Container === undefined))
    throw invalid('Specification: give one of ModelName and Container, got both or none');
  return specification;
}

/** @throws ServiceError ValidationException */
function copiesOf({ CopyCount }: JsonObject): number {
  const copies = Number(CopyCount);
  if (Number.isInteger(copies) && copies >= 1) return copies;
  throw invalid(
    `RuntimeConfig.CopyCount: must be 1 or more on this machine, got ${copies}; an account can go down to 0`,
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
