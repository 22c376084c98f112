import type { Faults } from '../../core/faults';
import { nearest } from './nearest';
import { shapeOf } from './shape';
import { show } from './show';
import { type Path, type Violation, type ViolationOptions, violationsOf } from './violation';

/**
 * Checks a value against a runtime schema of any AWS SDK client, and adds a fault for everything that doesn't fit:
 * members that are missing or unknown, values of the wrong type.
 *
 * ```ts
 * checkShape(sageMaker.CreateModelInput$, request, 'CreateModel', faults);
 * // CreateModel.PrimaryContainer.Imag: unknown member, got "busybox"; write Image, or remove it
 * ```
 *
 * Enums, patterns and bounds are not in the schemas. A caller that words faults itself, as the local SageMaker does,
 * takes {@link violationsOf} instead.
 * @param schema an export of the client such as `CreateModelInput$`
 * @param where begins the path of every fault
 */
export function checkShape(
  schema: unknown,
  value: unknown,
  where: string,
  faults: Faults,
  options: ViolationOptions = {},
): void {
  for (const violation of violationsOf(shapeOf(schema), value, options)) addFault(where, value, violation, faults);
}

/** For example `Prepare.ProcessingInputs[0].S3Input`. */
export function pathText(where: string, path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`),
    where,
  );
}

function addFault(where: string, root: unknown, violation: Violation, faults: Faults): void {
  const at = pathText(where, violation.path);
  switch (violation.kind) {
    case 'missing':
      faults.add(at, `missing required member ${violation.member}, got nothing`, `add ${violation.member}`);
      break;
    case 'unknown': {
      const { path, member, known } = violation;
      const meant = nearest(member, known);
      const record = path.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], root);
      faults.add(
        `${at}.${member}`,
        `unknown member, got ${show((record as Record<string, unknown>)[member])}`,
        meant === undefined ? `remove it: there are ${known.join(', ')}` : `write ${meant}, or remove it`,
      );
      break;
    }
    case 'type':
      faults.add(at, `must be a ${violation.wanted}, got ${show(violation.value)}`, `write a ${violation.wanted}`);
      break;
  }
}
