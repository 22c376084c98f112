import { ObjectName } from '../config/kubernetes/names';
import { InvalidInputError } from '../core/invalid-input-error';

/**
 * The name of one of a model's objects: the model's, and what the object is for.
 * @throws InvalidInputError if Kubernetes would refuse it, as when it has more than 63 characters
 */
export function objectName(model: string, ...what: readonly string[]): string {
  const name = [model, ...what].join('-');
  const issue = ObjectName.safeParse(name).error?.issues[0];
  if (!issue) return name;
  const problem = issue.code === 'too_big' ? `a name has at most ${issue.maximum} characters` : issue.message;
  throw new InvalidInputError(`model ${model}`, `${problem}, got ${name} with ${name.length}`, 'rename the model');
}
