import { binomialInterval } from '../../kubernetes/gateway/binomial-interval';

describe('the interval of a binomial sample', () => {
  // By scipy.stats.binom.interval(0.99, n, p).
  test.each([
    [2000, 0.2, 355, 447],
    [2000, 0.05, 76, 126],
    [10, 0.5, 1, 9],
  ])('of %i tries at %d is the one of a statistics package', (n, p, low, high) => {
    expect(binomialInterval(n, p, 0.99)).toEqual({ low, high });
  });
});
