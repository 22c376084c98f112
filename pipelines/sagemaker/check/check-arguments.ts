import type { Faults } from '../../../core/faults';
import { checkShape, pathText } from '../../shape/check-shape';
import { shapeOf } from '../../shape/shape';
import type { StepDefinition } from '../definition';
import { isExpression, isGet } from '../expression-forms';
import { RawFloat } from '../raw-float';
import { STEP_SHAPES } from '../step-shapes';
import { isToken } from '../token';
import { checkLeaf } from './check-leaf';
import type { DefinitionIndex } from './definition-index';
import { parseGet } from './get-path';
import { checkLimits } from './limits';
import type { References } from './references';

/** Checks a step's arguments against the request that SageMaker will send, and the references in them. */
export function checkArguments(
  step: StepDefinition,
  references: References,
  index: DefinitionIndex,
  faults: Faults,
): void {
  const { Name, Type, Arguments } = step;
  if (Type === 'Condition') return;
  if (Type === 'Lambda' || Type === 'Callback') {
    for (const [key, value] of Object.entries(Arguments)) references.checkValue(value, Name, `${Name}.${key}`);
    return;
  }
  const { request, ownedMember, refused = {} } = STEP_SHAPES[Type];
  checkShape(request, Arguments, Name, faults, {
    optional: ownedMember === undefined ? [] : [ownedMember],
    accepts: (value, shape, path) => {
      if (isExpression(value)) checkLeaf(value, shape, Name, pathText(Name, path), references, faults);
      else if (value instanceof RawFloat) return shape.kind === 'number';
      else if (!isToken(value)) return path.length === 1 && Object.hasOwn(refused, String(path[0]));
      return true;
    },
  });
  for (const [member, reason] of Object.entries(refused))
    if (Arguments[member] !== undefined) faults.add(`${Name}.${member}`, `can't be given: ${reason}`, 'leave it out');
  const shape = shapeOf(request);
  if (shape.kind !== 'structure') return;
  const given = Object.fromEntries(Object.entries(Arguments).filter(([member]) => !Object.hasOwn(refused, member)));
  checkLimits(shape.name, given, Name, faults, (value, limits, where) => {
    // What is no number has been found already.
    if (typeof value === 'number' && !Number.isFinite(value)) return true;
    if (!isExpression(value)) return isToken(value) || value instanceof RawFloat;
    const path = limits.integer && isGet(value) && typeof value.Get === 'string' ? parseGet(value.Get) : undefined;
    if (path?.kind === 'parameter' && index.parameters.get(path.name)?.Type === 'Float')
      faults.add(where, `must be a whole number, got the Float parameter ${path.name}`, 'make it an Integer parameter');
    return true;
  });
}
