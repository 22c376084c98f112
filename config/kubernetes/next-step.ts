import { InvalidInputError } from '../../core/invalid-input-error';
import type { ModelSpec } from '../model-spec';
import type { Engine } from './engine';
import { engineName, movesByItself, takesCandidates } from './engine-features';
import type { ModelReleases } from './release';
import { type RolloutStep, rolloutSteps, stepMinutes } from './rollout-steps';

/** A candidate's next step, in what the environment serves then. */
export interface NextStep {
  readonly releases: ModelReleases;
  /** The step that the candidate takes, or undefined: it becomes the stable release, or goes. */
  readonly step?: RolloutStep & {
    /** From 1. */
    readonly number: number;
    readonly of: number;
  };
}

export interface StepProps {
  /** For messages: `MODEL in ENVIRONMENT`. */
  readonly where: string;
  readonly engine: Engine;
  readonly spec: Pick<ModelSpec, 'rollout'>;
}

/**
 * How long the policy wants a candidate watched where it stands, before its next step. A candidate that gets no requests
 * has nothing to be watched; a shadow gets copies.
 */
export function watchMinutes(
  { candidate }: ModelReleases,
  { rollout, serving }: Pick<ModelSpec, 'rollout' | 'serving'>,
): number {
  if (!candidate || (candidate.step === 0 && serving.mode !== 'shadow')) return 0;
  return stepMinutes(rollout);
}

/**
 * The candidate one step further: the next share of the policy, and the stable release after the last one.
 * @throws InvalidInputError if there is no candidate, or the engine takes the steps itself
 */
export function nextStep(current: ModelReleases, { where, engine, spec }: StepProps): NextStep {
  const candidate = candidateOf(current, where, engine);
  const steps = rolloutSteps(spec.rollout);
  const { step: taken, ...release } = candidate;
  const next = steps[taken];
  if (!next) return { releases: { stable: release } };
  return {
    releases: { ...current, candidate: { ...candidate, step: taken + 1 } },
    step: { ...next, number: taken + 1, of: steps.length },
  };
}

/**
 * All traffic to the stable release again. KServe keeps its candidate, with no traffic: taken out, the stable release would
 * be a new revision, and the bad one would serve while that loads.
 * @throws InvalidInputError if there is no candidate, or the engine takes the steps itself
 */
export function stepBack(current: ModelReleases, { where, engine }: Omit<StepProps, 'spec'>): NextStep {
  const candidate = candidateOf(current, where, engine);
  const { stable } = current;
  return { releases: engine.kind === 'kserve' ? { stable, candidate: { ...candidate, step: 0 } } : { stable } };
}

function candidateOf(
  { candidate }: ModelReleases,
  where: string,
  engine: Engine,
): NonNullable<ModelReleases['candidate']> {
  if (!takesCandidates(engine)) {
    throw new InvalidInputError(
      where,
      `${engineName(engine)} ${movesByItself(engine) ? 'takes the steps by itself' : 'has no steps'}, got a step by hand`,
      BY_THEMSELVES[engine.kind] ?? 'write the new release into stable',
    );
  }
  if (candidate) return candidate;
  throw new InvalidInputError(
    where,
    'has a candidate that takes steps, got none',
    'write one: npx mlops release promote MODEL --env ENV --write-manifests',
  );
}

const BY_THEMSELVES: Readonly<Partial<Record<Engine['kind'], string>>> = {
  'argo-rollouts': 'decide in the cluster: kubectl argo rollouts promote MODEL, or abort',
  flagger: 'look at it in the cluster: kubectl get canary MODEL',
};
