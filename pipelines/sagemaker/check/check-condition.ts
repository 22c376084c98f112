import type { Faults } from '../../../core/faults';
import { checkShape } from '../../shape/check-shape';
import { DOCUMENT, list, type Schema, STRING, structure } from '../../shape/schema';
import { show } from '../../shape/show';
import { COMPARISONS } from '../condition';
import type { StepDefinition } from '../definition';
import type { References } from './references';
import { isNumeric, type ValueKind } from './value-kind';

const ARGUMENTS = structure('ConditionArguments', {
  Conditions: list(DOCUMENT),
  IfSteps: list(DOCUMENT),
  ElseSteps: list(DOCUMENT),
});
const COMPARISON = structure('Comparison', { Type: STRING, LeftValue: DOCUMENT, RightValue: DOCUMENT });
const FORMS: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(COMPARISONS.map((type) => [type, COMPARISON])),
  In: structure('In', { Type: STRING, QueryValue: DOCUMENT, Values: list(DOCUMENT) }),
  Not: structure('Not', { Type: STRING, Condition: DOCUMENT }),
  Or: structure('Or', { Type: STRING, Conditions: list(DOCUMENT) }),
};

/** Checks what a condition compares. Its branches are steps of their own. */
export function checkCondition({ Name, Arguments }: StepDefinition, references: References, faults: Faults): void {
  checkShape(ARGUMENTS, Arguments, Name, faults);

  function checkAll(conditions: unknown, where: string): void {
    if (!Array.isArray(conditions)) return;
    if (conditions.length === 0) faults.add(where, 'must hold at least one condition, got none', 'add one');
    for (const [index, condition] of conditions.entries()) check(condition, `${where}[${index}]`);
  }

  function check(condition: unknown, where: string): void {
    const given = (typeof condition === 'object' && condition !== null ? condition : {}) as Record<string, unknown>;
    const form = typeof given.Type === 'string' && Object.hasOwn(FORMS, given.Type) ? FORMS[given.Type] : undefined;
    if (form === undefined) {
      const types = Object.keys(FORMS).join(', ');
      faults.add(`${where}.Type`, `must be one of ${types}, got ${show(given.Type)}`, 'choose one of them');
      return;
    }
    checkShape(form, given, where, faults);
    switch (given.Type) {
      case 'Not':
        if (given.Condition !== undefined) check(given.Condition, `${where}.Condition`);
        break;
      case 'Or':
        checkAll(given.Conditions, `${where}.Conditions`);
        break;
      case 'In':
        checkIn(given, where);
        break;
      default:
        checkComparison(given, where);
    }
  }

  function checkIn({ QueryValue, Values }: Record<string, unknown>, where: string): void {
    const query = operand(QueryValue, `${where}.QueryValue`);
    if (!Array.isArray(Values)) return;
    if (Values.length === 0) faults.add(`${where}.Values`, 'must hold at least one value, got none', 'add one');
    for (const [index, value] of Values.entries())
      compare(query, operand(value, `${where}.Values[${index}]`), `${where}.Values[${index}]`);
  }

  function checkComparison({ Type, LeftValue, RightValue }: Record<string, unknown>, where: string): void {
    const left = operand(LeftValue, `${where}.LeftValue`);
    const right = operand(RightValue, `${where}.RightValue`);
    if (!compare(left, right, where) || Type === 'Equals') return;
    const unordered = [left, right].find((kind) => kind === 'string' || kind === 'boolean');
    if (unordered !== undefined)
      faults.add(where, `${String(Type)} compares numbers, got a ${unordered}`, 'compare numbers, or use Equals');
  }

  function operand(value: unknown, where: string): ValueKind | undefined {
    return value === undefined || value === null ? undefined : references.checkValue(value, Name, where);
  }

  function compare(left: ValueKind | undefined, right: ValueKind | undefined, where: string): boolean {
    if (left === undefined || right === undefined || left === 'unknown' || right === 'unknown') return true;
    if (left === right || (isNumeric(left) && isNumeric(right))) return true;
    faults.add(where, `compares values of one type, got ${left} and ${right}`, 'compare like with like');
    return false;
  }

  checkAll(Arguments.Conditions, `${Name}.Conditions`);
}
