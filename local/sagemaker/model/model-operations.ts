import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import { without } from '../api/without';
import type { Context } from '../context';
import type { Operations } from '../operation';
import { ServiceError } from '../service-error';
import { checkContainer } from './check-container';
import { findModel } from './find-model';
import { models } from './model-record';

/** Models: an image with a model artefact, or an approved package, ready to be put behind an endpoint. */
export function modelOperations(context: Context): Operations {
  const collection = models(context.store);

  function refuseDuplicate(name: string): void {
    if (collection.get(name))
      throw new ServiceError(
        'ValidationException',
        `Cannot create already existing model "${arn(context, `model/${name}`)}".`,
      );
  }

  return {
    async CreateModel(input) {
      const ModelName = input.ModelName as string;
      refuseDuplicate(ModelName);
      for (const [at, container] of containers(input)) await checkContainer(context, container, at);
      // Once more: another request may have come while the storage was asked.
      refuseDuplicate(ModelName);
      const ModelArn = arn(context, `model/${ModelName}`);
      collection.put(ModelName, {
        ...without(input, 'Tags'),
        ModelName,
        ModelArn,
        CreationTime: context.now().toISOString(),
        EnableNetworkIsolation: input.EnableNetworkIsolation === true,
      });
      return { ModelArn };
    },

    DescribeModel: ({ ModelName }) => findModel(context, ModelName as string),

    DeleteModel({ ModelName }) {
      collection.delete(findModel(context, ModelName as string).ModelName);
      return {};
    },

    ListModels(input) {
      const { items, NextToken } = listRecords({
        records: collection.list(),
        input,
        nameOf: (model) => model.ModelName,
        sortBy: { Name: (model) => model.ModelName, CreationTime: (model) => model.CreationTime },
        defaultOrder: 'Descending',
      });
      return {
        Models: items.map(({ ModelName, ModelArn, CreationTime }) => ({ ModelName, ModelArn, CreationTime })),
        NextToken,
      };
    },
  };
}

function containers(input: JsonObject): [string, JsonObject][] {
  const primary = input.PrimaryContainer as JsonObject | undefined;
  const several = input.Containers as readonly JsonObject[] | undefined;
  if ((primary === undefined) === (several === undefined))
    throw new ServiceError(
      'ValidationException',
      `You must provide exactly one of PrimaryContainer and Containers, got ${primary === undefined ? 'neither' : 'both'}`,
    );
  if (primary) return [['PrimaryContainer', primary]];
  if (several?.length === 0) throw new ServiceError('ValidationException', 'Containers must not be empty');
  return (several ?? []).map((container, index) => [`Containers[${index}]`, container]);
}
