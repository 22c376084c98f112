/** Of sizes that don't follow the rule. @see https://aws.amazon.com/sagemaker/ai/pricing/ */
const EXCEPTIONS: Readonly<Record<string, number>> = { 'ml.c4.8xlarge': 36 };

/**
 * Virtual cores of an instance: two up to `large`, and four for each `xlarge`.
 * @returns undefined if the size says nothing, as `metal` does
 */
export function coresOf(instanceType: string): number | undefined {
  const exception = EXCEPTIONS[instanceType];
  if (exception !== undefined) return exception;
  const size = instanceType.split('.')[2] ?? '';
  if (size === 'medium' || size === 'large') return 2;
  const [, multiple] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (multiple === undefined) return undefined;
  return 4 * (multiple === '' ? 1 : Number(multiple));
}
