import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { assert, double, integer, property, record } from 'fast-check';
import { type CapacityProps, proposals } from '../../../../cli/load/capacity';
import { INSTANCE_TYPES } from '../../../../cli/load/instance-types';

const props = (overrides: Partial<CapacityProps> = {}): CapacityProps => ({
  rps: 100,
  peakRps: 200,
  measuredRps: 100,
  workers: 1,
  processors: 2,
  memoryGib: 0.5,
  vcpuFactor: 1,
  headroomPercent: 30,
  ...overrides,
});
const first = (overrides: Partial<CapacityProps> = {}) => proposals(props(overrides))[0];

describe('the capacity that a load takes', () => {
  test('is what one instance answers with head-room, one more, and one more at the peak', () => {
    expect(first()).toMatchObject({
      instanceType: 'ml.c5.large',
      rpsPerInstance: 70,
      invocationsPerInstancePerMinute: 4200,
      min: 3,
      max: 4,
    });
  });

  test('has an instance in each of two zones, however small the load', () => {
    expect(first({ rps: 0.001, peakRps: 0.001 })).toMatchObject({ min: 2, max: 2 });
  });

  test('counts on no more processors than the server keeps busy, here and there', () => {
    const on = (workers: number, processors: number, vcpus: number) =>
      proposals(props({ workers, processors, headroomPercent: 0.0001 })).find((found) => found.vcpus === vcpus)
        ?.rpsPerInstance;
    expect(on(1, 8, 4)).toBeCloseTo(100, 1);
    expect(on(4, 4, 4)).toBeCloseTo(100, 1);
    expect(on(4, 2, 4)).toBeCloseTo(200, 1);
    expect(on(4, 4, 2)).toBeCloseTo(50, 1);
  });

  test('takes a type whose memory holds the server, with a quarter left for the rest', () => {
    expect(first({ memoryGib: 3 })).toMatchObject({ memoryGib: 4 });
    expect(first({ memoryGib: 3.01 })).toMatchObject({ memoryGib: 8 });
    expect(first({ memoryGib: 10_000 })).toBeUndefined();
  });

  test('is none where an environment could not have so many instances', () => {
    expect(first({ rps: 69 * 99, peakRps: 69 * 99 })).toMatchObject({ max: 99 });
    expect(proposals(props({ rps: 1e6, peakRps: 1e6 }))).toEqual([]);
  });

  test('carries the load with any one instance lost, whatever the numbers', () => {
    const any = record({
      rps: double({ min: 0.1, max: 500, noNaN: true }),
      more: double({ min: 1, max: 5, noNaN: true }),
      measuredRps: double({ min: 1, max: 5000, noNaN: true }),
      workers: integer({ min: 1, max: 16 }),
      processors: integer({ min: 1, max: 16 }),
      vcpuFactor: double({ min: 0.2, max: 3, noNaN: true }),
      headroomPercent: integer({ min: 1, max: 90 }),
    });
    assert(
      property(any, ({ more, ...rest }) => {
        for (const found of proposals(props({ ...rest, peakRps: rest.rps * more }))) {
          const { min, max, rpsPerInstance } = found;
          expect(min).toBeGreaterThanOrEqual(2);
          expect(max).toBeGreaterThanOrEqual(min);
          expect((min - 1) * rpsPerInstance).toBeGreaterThanOrEqual(rest.rps - 1e-6);
          expect((max - 1) * rpsPerInstance).toBeGreaterThanOrEqual(rest.rps * more - 1e-6);
        }
      }),
    );
  });

  test('is looked for among types that SageMaker serves on', () => {
    const known = Object.values(ProductionVariantInstanceType) as string[];
    expect(Object.keys(INSTANCE_TYPES).filter((type) => !known.includes(type))).toEqual([]);
    expect(INSTANCE_TYPES['ml.m5.large']).toEqual({ vcpus: 2, memoryGib: 8 });
    expect(INSTANCE_TYPES['ml.c5.9xlarge']).toEqual({ vcpus: 36, memoryGib: 72 });
  });
});
