import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { ParameterDefinition } from './definition';

/** The value of every parameter of an execution, of the parameter's own type. */
export type ParameterValues = Readonly<Record<string, string | number | boolean>>;

/**
 * Gives each parameter its value: the one from the start, else the one to fall back to, else the default.
 * @param given Name and Value, the value always as text
 * @param fallback as given, for a selective execution: what its source had
 * @throws ServiceError ValidationException that lists every unknown, missing or wrong value
 */
export function parameterValues(
  definitions: readonly ParameterDefinition[],
  given: readonly JsonObject[],
  fallback: ParameterValues = {},
): ParameterValues {
  const faults: string[] = [];
  const texts = new Map<string, string>();
  for (const { Name, Value } of given) {
    const name = typeof Name === 'string' ? Name : '';
    if (!definitions.some((definition) => definition.Name === name))
      faults.push(
        `Parameters.${name}: the pipeline has no such parameter; it has ${definitions.map((one) => one.Name).join(', ')}`,
      );
    if (texts.has(name)) faults.push(`Parameters.${name}: is given twice; give it once`);
    texts.set(name, typeof Value === 'string' ? Value : '');
  }
  const values = definitions.map((definition): [string, string | number | boolean] => {
    const { Name: name, Type } = definition;
    const text = texts.get(name);
    const value = text === undefined ? (fallback[name] ?? definition.DefaultValue) : parse(text, Type);
    if (value === undefined && text === undefined)
      faults.push(`Parameters.${name}: has no default, got no value; give one at the start`);
    else if (!hasType(value, Type))
      faults.push(`Parameters.${name}: must be ${article(Type)}, got ${text ?? JSON.stringify(value)}; correct it`);
    else if (definition.EnumValues && !(typeof value === 'string' && definition.EnumValues.includes(value)))
      faults.push(
        `Parameters.${name}: must be one of ${definition.EnumValues.join(', ')}, got ${JSON.stringify(value)}; choose one`,
      );
    return [name, value as string | number | boolean];
  });
  if (faults.length > 0) throw new ServiceError('ValidationException', faults.join('\n'));
  return Object.fromEntries(values);
}

/** Number() alone would also read hexadecimal numbers and blanks. */
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function parse(text: string, type: ParameterDefinition['Type']): Json | undefined {
  switch (type) {
    case 'Integer':
      return /^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined;
    case 'Float':
      return DECIMAL.test(text.trim()) ? Number(text) : undefined;
    case 'Boolean':
      return { true: true, false: false }[text.trim().toLowerCase()];
    case 'String':
      return text;
    default:
      return undefined;
  }
}

export function hasType(value: Json | undefined, type: ParameterDefinition['Type']): boolean {
  switch (type) {
    case 'Integer':
      return Number.isSafeInteger(value);
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'String':
      return typeof value === 'string';
    default:
      return false;
  }
}

function article(type: string): string {
  return `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
}
