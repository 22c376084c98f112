import type { Faults } from '../../../core/faults';
import { nearest } from '../../shape/nearest';

/** A name that leads nowhere; proposes the one that was meant, if one is near. */
export function addUnknown(
  what: string,
  name: string,
  known: readonly string[],
  where: string,
  otherwise: string,
  faults: Faults,
): void {
  const meant = nearest(name, known);
  const fix = meant === undefined ? otherwise : `write ${meant}, or ${otherwise}`;
  faults.add(where, `unknown ${what}, got ${name}`, fix);
}
