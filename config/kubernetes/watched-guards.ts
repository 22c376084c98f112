import { Guards } from '../guards';

/** Guards that a server's own metrics can answer. */
export const GUARDS_ON_KUBERNETES = [
  'errorRatePercent',
  'clientErrorRatePercent',
  'p50LatencyMs',
  'p99LatencyMs',
] as const;
export type KubernetesGuard = (typeof GUARDS_ON_KUBERNETES)[number];

/** What an environment may do without, where a model's server doesn't measure it. */
export const UnwatchedGuard = Guards.keyof().exclude(['minimumRequests']);
