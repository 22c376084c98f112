/** A little more than the guards need, as a fleet of a step gets its share and the machine has other work. */
const MARGIN = 1.5;

/**
 * Requests a second with which the guards can judge a release.
 * @param minimumRequests requests in a minute of the endpoint's clock below which they don't
 * @param speed how many times faster than the machine's that clock goes
 */
export function defaultRate(minimumRequests: number, speed: number): number {
  return Math.max(1, Math.ceil((MARGIN * minimumRequests * speed) / 60));
}
