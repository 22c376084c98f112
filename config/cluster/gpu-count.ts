/** GPUs by size, where not all sizes of a family have one. @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html */
const SEVERAL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  g4dn: { '12xlarge': 4, metal: 8 },
  g5: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  g5g: { '16xlarge': 2, metal: 2 },
  g6: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  g6e: { '12xlarge': 4, '24xlarge': 4, '48xlarge': 8 },
  p3: { '8xlarge': 4, '16xlarge': 8 },
  p4d: { '24xlarge': 8 },
  p4de: { '24xlarge': 8 },
  p5: { '48xlarge': 8 },
  p5e: { '48xlarge': 8 },
  p5en: { '48xlarge': 8 },
};

/** GPUs of one node. @returns undefined for a family that is not in the table */
export function gpuCount(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const several = SEVERAL[family];
  return several && (several[size] ?? 1);
}
