import type { Faults } from '../../core/faults';
import type { ServingMode } from '../serving';
import { type Asked, ENGINE_FEATURES, ENGINES, engineName } from './engine-features';

/** Guards that a server's own metrics can answer. */
export const GUARDS_ON_KUBERNETES = [
  'errorRatePercent',
  'clientErrorRatePercent',
  'p50LatencyMs',
  'p99LatencyMs',
] as const;
export type KubernetesGuard = (typeof GUARDS_ON_KUBERNETES)[number];

const MODES: readonly ServingMode[] = ['realtime', 'shadow'];

/** Refuses what the engine of an environment can't do for a model, naming the engines that can. */
export function checkEngine(where: string, model: string, asked: Asked, faults: Faults): void {
  const { spec, engine } = asked;
  const name = engineName(engine);
  if (!MODES.includes(spec.serving.mode)) {
    faults.add(
      where,
      `serves ${MODES.join(' and ')}, got ${spec.serving.mode} of ${model}`,
      'serve it on the plane sagemaker, or change the mode',
    );
  }
  for (const { asked: ask, engines, otherwise } of ENGINE_FEATURES) {
    const got = ask(asked);
    const support = engines[name];
    if (got === undefined || support === true) continue;
    const able = ENGINES.filter((other) => engines[other] === true);
    faults.add(
      `${where}.engine`,
      `${name} can't do that: ${support}, got ${got} of ${model}`,
      [`use ${able.join(' or ')}`, otherwise].filter(Boolean).join(', or '),
    );
  }
  const watched = Object.entries(spec.rollout.guards).filter(
    ([guard, value]) => guard !== 'minimumRequests' && isOn(value),
  );
  for (const [guard] of watched) {
    if (GUARDS_ON_KUBERNETES.some((known) => known === guard)) continue;
    faults.add(
      `${where}.engine`,
      `the servers have no metric for the guard ${guard}, got it in the rollout of ${model}`,
      `leave it out, or serve ${model} on the plane sagemaker only`,
    );
  }
}

function isOn(guard: unknown): boolean {
  return Array.isArray(guard) ? guard.length > 0 : (guard ?? null) !== null;
}
