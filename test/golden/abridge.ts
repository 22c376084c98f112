import { isExpression } from '../../pipelines/sagemaker/expression-forms';
import { messageText } from '../../pipelines/drawing/expression-text';
import type { SageMakerDefinition } from '../../pipelines/sagemaker/definition';

/** Shorter repetitions are read faster than a pointer to where they stood before. */
const WORTH_A_POINTER = 40;

/** A definition to be read: references as text in braces, and of what repeats itself only where it stood first. */
export function abridge(definition: SageMakerDefinition): unknown {
  const seen = new Map<string, string>();

  function shorten(value: unknown, step: string, member: string): unknown {
    if (isExpression(value)) return messageText(value);
    if (typeof value !== 'object' || value === null) return value;
    const key = `${member} ${JSON.stringify(value)}`;
    const first = seen.get(key);
    if (first !== undefined && first !== step && key.length > WORTH_A_POINTER) return `as in ${first}`;
    if (first === undefined) seen.set(key, step);
    if (Array.isArray(value)) return value.map((item) => shorten(item, nameOf(item) ?? step, member));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shorten(inner, step, name)]));
  }

  return shorten(definition, '', '');
}

/** @returns undefined for what is no step */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'Name' in value && 'Arguments' in value
    ? String(value.Name)
    : undefined;
}
