import type { Faults } from '../../../core/faults';
import type { Shape } from '../../shape/shape';
import { isGet } from '../expression-forms';
import type { Expression } from '../ref';
import type { References } from './references';
import { fits } from './value-kind';

/** Judges a reference by what is wanted in its place. */
export function checkLeaf(
  expression: Expression,
  wanted: Shape,
  from: string,
  where: string,
  references: References,
  faults: Faults,
): void {
  const kind = references.check(expression, from, where);
  const what = isGet(expression) ? expression.Get : Object.keys(expression).join('');
  if (wanted.kind === 'list' || wanted.kind === 'map' || wanted.kind === 'structure') {
    faults.add(
      where,
      `a reference can't stand for a ${wanted.kind}, got ${what}`,
      'write it out, and put references at its leaves',
    );
  } else if (!fits(kind, wanted.kind)) {
    const fix = wanted.kind === 'string' ? 'put it into a Std:Join, which makes a string' : `read a ${wanted.kind}`;
    faults.add(where, `must be a ${wanted.kind}, got the ${kind} ${what}`, fix);
  }
}
