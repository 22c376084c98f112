/** Families that bring their own disks without a `d` in the name. */
const FAMILIES = /^(dl1|g[5-9]e?|gr6|p[5-9].*|trn\d.*)$/;

/**
 * Whether instances of a type, for example `ml.g4dn.xlarge`, have disks of their own. Those are encrypted by hardware,
 * and an EndpointConfig that names a KMS key for them is refused.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const [, family = ''] = instanceType.split('.');
  return FAMILIES.test(family) || /^[a-z]+\d+[a-z]*d/.test(family);
}
