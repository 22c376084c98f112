import type { JsonObject } from '../../../core/json';
import { page } from '../api/page';
import type { Context } from '../context';
import type { Call, Operations } from '../operation';
import { ServiceError } from '../service-error';
import { describeCall } from './taggable';
import { type Tag, Tags } from './tags';

/** Tags of everything that has an ARN here. */
export function tagOperations(context: Context, call: Call): Operations {
  const tags = new Tags(context.store);

  async function requireResource(arn: string): Promise<string> {
    const describe = describeCall(arn);
    if (!describe)
      throw new ServiceError(
        'ValidationException',
        `Invalid resource ARN: ${arn}; the local SageMaker has no such kind`,
      );
    await call(describe.action, describe.input);
    return arn;
  }

  return {
    async AddTags({ ResourceArn, Tags: added }) {
      const arn = await requireResource(ResourceArn as string);
      return { Tags: tags.add(arn, added as unknown as readonly Tag[]) };
    },

    async ListTags(input) {
      const arn = await requireResource(input.ResourceArn as string);
      const { items, NextToken } = page({
        items: tags.of(arn),
        keyOf: ({ Key }) => [Key],
        input,
        defaultSize: 50,
      });
      return { Tags: items as unknown as JsonObject[], NextToken };
    },

    async DeleteTags({ ResourceArn, TagKeys }) {
      const arn = await requireResource(ResourceArn as string);
      tags.remove(arn, TagKeys as readonly string[]);
      return {};
    },
  };
}
