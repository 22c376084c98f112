import { Guards } from '../guards';

/** Guards that a server's own metrics can answer. */
export const GUARDS_ON_KUBERNETES = [
  'errorRatePercent',
  'clientErrorRatePercent',
  'p50LatencyMs',
  'p99LatencyMs',
] as const;
export type KubernetesGuard = (typeof GUARDS_ON_KUBERNETES)[number];

/** The others: on Kubernetes nobody measures what they ask. */
export const UnwatchedGuard = Guards.keyof().exclude([...GUARDS_ON_KUBERNETES, 'minimumRequests']);
