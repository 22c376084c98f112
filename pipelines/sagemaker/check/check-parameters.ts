import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { ParameterDefinition } from '../definition';
import { isToken } from '../token';

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StartPipelineExecution.html */
const MOST_PARAMETERS = 200;
const LONGEST_VALUE = 1024;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

export function checkParameters(parameters: readonly ParameterDefinition[], faults: Faults): void {
  if (parameters.length > MOST_PARAMETERS)
    faults.add(
      'Parameters',
      `must be at most ${MOST_PARAMETERS}, got ${parameters.length}`,
      'make some of them literals',
    );
  for (const parameter of parameters) checkParameter(parameter, faults);
}

function checkParameter({ Name, Type, DefaultValue, EnumValues }: ParameterDefinition, faults: Faults): void {
  const where = `Parameters.${Name}`;
  if (!NAME.test(Name))
    faults.add(where, `a name is 1 to 64 letters, digits, hyphens and underscores, got ${show(Name)}`, 'rename it');
  const type = Object.hasOwn(TYPES, Type) ? TYPES[Type] : undefined;
  if (!type) {
    faults.add(
      `${where}.Type`,
      `must be one of ${Object.keys(TYPES).join(', ')}, got ${show(Type)}`,
      'choose one of them',
    );
    return;
  }
  if (DefaultValue !== undefined && !isToken(DefaultValue)) {
    if (!type.holds(DefaultValue))
      faults.add(
        `${where}.DefaultValue`,
        `must be ${type.wanted}, got ${show(DefaultValue)}`,
        'change it, or the type',
      );
    else if (typeof DefaultValue === 'string' && DefaultValue.length > LONGEST_VALUE)
      faults.add(
        `${where}.DefaultValue`,
        `must have at most ${LONGEST_VALUE} characters, got ${DefaultValue.length}`,
        'shorten it',
      );
    else if (EnumValues && !EnumValues.some((value) => value === DefaultValue || isToken(value)))
      faults.add(
        `${where}.DefaultValue`,
        `must be one of ${EnumValues.join(', ')}, got ${show(DefaultValue)}`,
        'choose one of them',
      );
  }
  if (EnumValues && Type !== 'String')
    faults.add(`${where}.EnumValues`, `only String parameters have them, got ${Type}`, 'leave them out');
  if (EnumValues?.length === 0)
    faults.add(`${where}.EnumValues`, 'must hold at least one value, got none', 'add one, or leave them out');
}

const TYPES: Readonly<Record<string, { readonly wanted: string; readonly holds: (value: unknown) => boolean }>> = {
  String: { wanted: 'a string', holds: (value) => typeof value === 'string' },
  Integer: { wanted: 'a whole number', holds: Number.isInteger },
  Float: { wanted: 'a number', holds: Number.isFinite },
  Boolean: { wanted: 'a boolean', holds: (value) => typeof value === 'boolean' },
};
