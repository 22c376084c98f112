/** Families that bring their own disks without a `d` in the name. */
const FAMILIES = new Set(['g5', 'g6', 'g6e', 'gr6', 'p5', 'p5e', 'p5en', 'trn1', 'trn1n', 'trn2']);

/**
 * Whether instances of a type, for example `ml.g4dn.xlarge`, have disks of their own. Those are encrypted by hardware,
 * and an EndpointConfig that names a KMS key for them is refused.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const [, family = ''] = instanceType.split('.');
  return FAMILIES.has(family) || /^[a-z]+\d+[a-z]*d/.test(family);
}
