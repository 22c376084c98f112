import type { TrafficTotals } from '../../local/traffic/traffic-totals';

/** For example `412 requests, 3 failed (500: 3), p99 41 ms`. */
export function describeTraffic(totals: TrafficTotals | undefined): string {
  if (!totals) return 'no request yet';
  const { sent, failed, failures, p99Ms, missed } = totals;
  const why = Object.entries(failures).map(([name, count]) => `${name}: ${count}`);
  return [
    `${sent} requests`,
    failed === 0 ? 'none failed' : `${failed} failed (${why.join(', ')})`,
    ...(p99Ms === null ? [] : [`p99 ${p99Ms.toFixed(0)} ms`]),
    ...(missed === 0 ? [] : [`${missed} not sent, as the machine was too busy`]),
  ].join(', ');
}
