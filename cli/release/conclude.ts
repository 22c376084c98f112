import { consequence, describeJudgement } from '../../core/release/guards/describe-judgement';
import type { Chosen } from '../model-argument';
import type { ReleaseResult } from './release-result';

export interface ConclusionProps {
  readonly chosen: Chosen;
  readonly version: number;
  readonly result: ReleaseResult;
  /** Whether the command waited for the outcome. */
  readonly waited: boolean;
}

/**
 * Says what became of a release, and what its guards had to say.
 * @throws Error if it isn't what the user asked for, or not known when the wait is over
 */
export function conclude({ chosen, version, result, waited }: ConclusionProps): string {
  const { environmentName: environment, model } = chosen;
  const where = `${model} in ${environment}`;
  const { outcome, why, judgement, evidence } = result;
  const history = `npx mlops release history ${model} --env ${environment}`;
  if (outcome === 'released') {
    const doubt = judgement && consequence(judgement);
    return [
      `Version ${version} of ${where} is live. Its evidence: ${evidence}`,
      ...(judgement ? [`Guards: ${describeJudgement(judgement)}`] : []),
      ...(doubt === undefined ? [] : [`Note: ${doubt}`]),
    ].join('\n');
  }
  if (outcome === 'live-already') return `Version ${version} of ${where} is live already; nothing was changed.`;
  if (outcome === 'in-progress' && !waited) return `${why}. Its outcome will be in: ${history}`;
  if (outcome === 'awaits-approval')
    return `Your approval is recorded: ${why}. Another person says yes with: npx mlops release approve ${model} ${version} --env ${environment} --reason …`;
  const [what, fix] = PROBLEMS[outcome];
  throw new Error(`${where}: version ${version} ${what}, got ${why}; ${fix}, see ${history}`);
}

const PROBLEMS: Readonly<
  Record<Exclude<ReleaseResult['outcome'], 'released' | 'live-already' | 'awaits-approval'>, [string, string]>
> = {
  'in-progress': ['has no outcome within the wait', 'it goes on by itself'],
  busy: ['has to wait for its turn', 'try again once that has ended'],
  superseded: ['gave way to a later decision', 'decide anew if it shall serve'],
  withdrawn: ['must be approved to serve', 'approve it'],
  expired: ['must be approved anew', 'approve it again'],
  'rolled-back': ['was rolled back', 'the release before serves on'],
  failed: ['failed', 'the release before is meant to serve'],
};
