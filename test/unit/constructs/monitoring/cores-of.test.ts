import { coresOf } from '../../../../constructs/monitoring/cores-of';

describe('the cores of an instance', () => {
  test.each([
    ['ml.t2.medium', 2],
    ['ml.m5.large', 2],
    ['ml.c5.xlarge', 4],
    ['ml.g4dn.2xlarge', 8],
    ['ml.c4.8xlarge', 36],
    ['ml.p4d.24xlarge', 96],
    ['ml.p5.48xlarge', 192],
  ])('of %s are %d, as its price list says', (instanceType, cores) => {
    expect(coresOf(instanceType)).toBe(cores);
  });

  test.each(['ml.m5.metal', 'ml.m5', 'ml.m5.xlargest', 'ml.m5.-2xlarge'])('of %s are not known', (instanceType) => {
    expect(coresOf(instanceType)).toBeUndefined();
  });
});
