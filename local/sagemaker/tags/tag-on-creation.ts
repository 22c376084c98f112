import type { JsonObject } from '../../../core/json';
import type { Operations } from '../operation';
import type { Store } from '../store';
import { checkTags, type Tag, Tags } from './tags';

/**
 * Lets every Create action take tags: they are checked before the resource is made, and kept under the ARN that the
 * action answers. So no module has to think of tags.
 */
export function tagOnCreation(store: Store, operations: Operations): Operations {
  const tags = new Tags(store);
  return Object.fromEntries(
    Object.entries(operations).map(([action, operation]) => [
      action,
      action.startsWith('Create')
        ? async (input: JsonObject) => {
            const given = (input.Tags ?? []) as unknown as readonly Tag[];
            checkTags(given);
            const output = await operation(input);
            const [arn] = Object.entries(output).flatMap(([name, value]) =>
              name.endsWith('Arn') ? [value as string] : [],
            );
            if (arn !== undefined) tags.replace(arn, given);
            return output;
          }
        : operation,
    ]),
  );
}
