import type { Guards } from '../../config/guards';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Fault } from './fault';

/** What has to watch a release that is bad in that way, by its name in `config/models.ts`. */
const GUARDS: Readonly<Record<Fault, readonly (keyof Guards)[]>> = {
  errors: ['errorRatePercent'],
  slow: ['p99LatencyMs', 'p50LatencyMs'],
  wrong: ['predictionShift'],
};

/**
 * A bad version that nothing watches would be released.
 * @throws InvalidInputError naming the guard to turn on
 */
export function requireGuard(model: string, fault: Fault, guards: Guards): void {
  if (GUARDS[fault].some((guard) => guards[guard] !== null && guards[guard] !== undefined)) return;
  throw new InvalidInputError(
    `--bad ${fault}`,
    `needs a guard that sees it, got a rollout of ${model} without ${GUARDS[fault].join(' or ')}`,
    `set rollout.guards.${GUARDS[fault][0]} in config/models.ts, and npx mlops local up deploys it`,
  );
}

/** How slow a version has to be for its guards, in seconds: half as slow again as the most lenient one allows. */
export function slowSeconds({ p99LatencyMs, p50LatencyMs }: Guards): number {
  const [least = 0] = [p99LatencyMs, p50LatencyMs].filter((bound) => typeof bound === 'number').sort((a, b) => b - a);
  return (1.5 * least) / 1000;
}
