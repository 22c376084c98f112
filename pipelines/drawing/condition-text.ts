import type { Comparison, Condition } from '../sagemaker/condition';
import { valueText } from './expression-text';

const SIGNS: Readonly<Record<Comparison, string>> = {
  Equals: '=',
  GreaterThan: '>',
  GreaterThanOrEqualTo: '≥',
  LessThan: '<',
  LessThanOrEqualTo: '≤',
};

/** For example `Evaluate.Metrics.roc_auc.value ≥ MinRocAuc`. @param condition one that the checks have accepted */
export function conditionText(condition: unknown): string {
  const given = condition as Condition;
  switch (given.Type) {
    case 'In':
      return `${valueText(given.QueryValue)} in (${given.Values.map(valueText).join(', ')})`;
    case 'Not':
      return `not (${conditionText(given.Condition)})`;
    case 'Or':
      return `(${given.Conditions.map(conditionText).join(' or ')})`;
    default:
      return `${valueText(given.LeftValue)} ${SIGNS[given.Type]} ${valueText(given.RightValue)}`;
  }
}
