import { isExpression, isGet, isJoin } from '../sagemaker/expression-forms';

/** A literal as JSON writes it, and a reference by what it reads, for example `Evaluate.Metrics.roc_auc.value`. */
export function valueText(value: unknown): string {
  if (!isExpression(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (isGet(value)) return getText(value.Get);
  if (isJoin(value)) return JSON.stringify(messageText(value));
  const { PropertyFile, S3Uri, Path } = value['Std:JsonGet'];
  return `${PropertyFile ? getText(PropertyFile.Get).replace('.PropertyFiles.', '.') : messageText(S3Uri)}.${Path}`;
}

/** Text in which a reference stands in braces. */
export function messageText(value: unknown): string {
  if (!isExpression(value)) return String(value);
  if (!isJoin(value)) return `{${valueText(value)}}`;
  const { On, Values } = value['Std:Join'];
  return Values.map(messageText).join(On);
}

/** Parameters and steps are called by their names alone; `Execution.…` keeps its root, as a step may be called like it. */
function getText(get: string): string {
  return get.replace(/^(Parameters|Steps)\./, '');
}
