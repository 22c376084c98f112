import type { Faults } from '../../core/faults';
import type { ServingMode } from '../serving';
import { type Asked, ENGINE_FEATURES, ENGINES, engineName } from './engine-features';
import { unmeasured } from './runtimes';
import { GUARDS_ON_KUBERNETES } from './watched-guards';

const MODES: readonly ServingMode[] = ['realtime', 'shadow', 'batch'];

/**
 * Refuses what the engine of an environment can't do for a model, naming the engines that can.
 * @param unwatched guards that the environment does without on purpose
 */
export function checkEngine(
  where: string,
  model: string,
  asked: Asked,
  unwatched: readonly string[],
  faults: Faults,
): void {
  const { spec, engine } = asked;
  const name = engineName(engine);
  if (!MODES.includes(spec.serving.mode)) {
    faults.add(
      where,
      `serves ${MODES.join(', ')}, got ${spec.serving.mode} of ${model}`,
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
    if (unwatched.includes(guard)) continue;
    const known = GUARDS_ON_KUBERNETES.find((each) => each === guard);
    const runtime = spec.kubernetes?.runtime ?? 'python';
    const why = known ? unmeasured(runtime, known) : undefined;
    if (known && why === undefined) continue;
    faults.add(
      `${where}.engine`,
      why
        ? `the server ${runtime} ${why}, got the guard ${guard} in the rollout of ${model}`
        : `the servers have no metric for the guard ${guard}, got it in the rollout of ${model}`,
      [
        'list it in kubernetes.unwatchedGuards to do without it here',
        why && 'use another runtime',
        `or serve ${model} on the plane sagemaker only`,
      ]
        .filter(Boolean)
        .join(', '),
    );
  }
}

function isOn(guard: unknown): boolean {
  return Array.isArray(guard) ? guard.length > 0 : (guard ?? null) !== null;
}
