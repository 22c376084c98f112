import { shiftedPercent } from '../../../../../local/sagemaker/endpoint/shifted-percent';

type Variant = NonNullable<
  NonNullable<Parameters<typeof shiftedPercent>[0]['PendingDeploymentSummary']>['ProductionVariants']
>[number];
const pending = (...variants: Omit<Variant, 'VariantName'>[]) => ({
  PendingDeploymentSummary: {
    EndpointConfigName: 'two',
    ProductionVariants: variants.map((variant, index) => ({ VariantName: `v${index}`, ...variant })),
  },
});
const variant = (CurrentWeight: number, CurrentInstanceCount: number, DesiredInstanceCount: number) => ({
  CurrentWeight,
  DesiredWeight: 1,
  CurrentInstanceCount,
  DesiredInstanceCount,
});

describe('the share that a deployment has moved', () => {
  test.each([
    ['is none without a deployment', {}, undefined],
    ['is 0 before there are variants', { PendingDeploymentSummary: { EndpointConfigName: 'two' } }, 0],
    ['is that of the weight where an instance carries less than its part', pending(variant(0.1, 1, 2)), 10],
    ['is that of the instances where weights stay as they are, as with SageMaker', pending(variant(1, 1, 3)), 33],
    ['is 0 while the fleet is launched', pending(variant(0, 2, 2)), 0],
    ['is 100 in the end', pending(variant(1, 2, 2)), 100],
    ['is that of all variants together', pending(variant(0.5, 1, 1), variant(0.5, 1, 1)), 50],
    ['is that of the instances where all weights are 0', pending({ ...variant(0, 1, 4), DesiredWeight: 0 }), 25],
    ['is that of the weight for serverless variants', pending({ CurrentWeight: 1, DesiredWeight: 1 }), 100],
  ])('%s', (_, description, expected) => {
    expect(shiftedPercent(description)).toBe(expected);
  });
});
