export interface InstanceSize {
  readonly vcpus: number;
  readonly memoryGib: number;
}

/**
 * General purpose, compute and memory instances with x86 processors that SageMaker hosts models on, as images are built
 * for x86. An `ml.` type has the vCPUs and the memory of the EC2 type without the prefix.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html, co.html and mo.html beside it
 */
export const INSTANCE_TYPES: Readonly<Record<`ml.${string}`, InstanceSize>> = {
  ...family('ml.m5', 4, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '12xlarge': 48, '24xlarge': 96 }),
  ...family('ml.c5', 2, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '9xlarge': 36, '18xlarge': 72 }),
  ...family('ml.c6i', 2, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32, '16xlarge': 64 }),
  ...family('ml.m6i', 4, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32, '16xlarge': 64 }),
  ...family('ml.r5', 8, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '12xlarge': 48, '24xlarge': 96 }),
};

/** All sizes of a family have as much memory a vCPU. */
function family(
  name: `ml.${string}`,
  memoryPerVcpu: number,
  sizes: Readonly<Record<string, number>>,
): Record<string, InstanceSize> {
  return Object.fromEntries(
    Object.entries(sizes).map(([size, vcpus]) => [`${name}.${size}`, { vcpus, memoryGib: vcpus * memoryPerVcpu }]),
  );
}
