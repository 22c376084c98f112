import type { Expression, GetExpression, JoinExpression, JsonGetExpression } from './ref';

const FORMS = new Set(['Get', 'Std:Join', 'Std:JsonGet']);

/** Whether a value of the JSON is a reference: an object of one member that is called like one. */
export function isExpression(value: unknown): value is Expression {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && FORMS.has(key);
}

export function isGet(expression: Expression): expression is GetExpression {
  return 'Get' in expression;
}

export function isJoin(expression: Expression): expression is JoinExpression {
  return 'Std:Join' in expression;
}

export function isJsonGet(expression: Expression): expression is JsonGetExpression {
  return 'Std:JsonGet' in expression;
}
