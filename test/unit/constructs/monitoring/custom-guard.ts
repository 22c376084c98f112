import type { CustomMetric } from '../../../../config/guards';

/** The smallest custom guard; a test states only what it changes. */
export function custom(overrides: Partial<CustomMetric> = {}): CustomMetric {
  return {
    name: 'Basket',
    namespace: 'Shop',
    metricName: 'BasketValue',
    dimensions: {},
    statistic: 'Average',
    comparison: 'LessThanThreshold',
    threshold: 10,
    minutes: 1,
    ...overrides,
  };
}
