import type { Json, JsonObject } from '../../../core/json';
import { StepError } from './step-error';

/** Kinds of conditions; the check of a definition knows them too. */
export const CONDITION_TYPES = [
  'Equals',
  'GreaterThan',
  'GreaterThanOrEqualTo',
  'LessThan',
  'LessThanOrEqualTo',
  'In',
  'Not',
  'Or',
] as const;

type Ordered = string | number;

const COMPARISONS: Readonly<Record<string, (left: Ordered, right: Ordered) => boolean>> = {
  GreaterThan: (left, right) => left > right,
  GreaterThanOrEqualTo: (left, right) => left >= right,
  LessThan: (left, right) => left < right,
  LessThanOrEqualTo: (left, right) => left <= right,
};

/**
 * Whether a condition holds. All of its parts are looked at, so that a mistake shows whatever the other parts say.
 * @param condition without references
 * @throws StepError if values of different types are compared
 */
export function holds(condition: JsonObject): boolean {
  const { Type, LeftValue, RightValue } = condition;
  const type = typeof Type === 'string' ? Type : JSON.stringify(Type);
  switch (type) {
    case 'Equals':
      requireSameType(type, LeftValue, RightValue);
      return LeftValue === RightValue;
    case 'In': {
      const { QueryValue, Values = [] } = condition;
      const values = Values as readonly Json[];
      for (const value of values) requireSameType(type, QueryValue, value);
      return values.includes(QueryValue as Json);
    }
    case 'Not':
      return !holds(condition.Condition as JsonObject);
    case 'Or':
      return (condition.Conditions as readonly JsonObject[]).map(holds).includes(true);
    default: {
      const compare = COMPARISONS[type];
      if (!compare) throw new StepError(`a condition can't be of type ${type}; use ${CONDITION_TYPES.join(', ')}`);
      requireSameType(type, LeftValue, RightValue);
      if (typeof LeftValue === 'boolean') throw new StepError(`${type}: truth values have no order; use Equals`);
      return compare(LeftValue as Ordered, RightValue as Ordered);
    }
  }
}

/** SageMaker doesn't compare a number with a text, even if the text reads like the number. */
function requireSameType(type: string, left: Json | undefined, right: Json | undefined): void {
  if (typeof left === typeof right && ['string', 'number', 'boolean'].includes(typeof left)) return;
  throw new StepError(
    `${type}: both sides must be of one type, got ${JSON.stringify(left)} (${typeof left}) and ${JSON.stringify(right)} (${typeof right}); correct one of them`,
  );
}
