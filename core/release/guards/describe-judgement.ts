import type { RolloutJudgement } from './rollout-judgement';

type Guard = RolloutJudgement['guards'][number];

/** What people are told of a judgement: the verdict, and each guard with what it rests on. */
export function describeJudgement({ verdict, guards }: RolloutJudgement): string {
  if (guards.length === 0) return `${verdict}, as nothing was watched`;
  return `${verdict}: ${guards.map(describeGuard).join('; ')}`;
}

export function describeGuard({ guard, verdict, worst, threshold, ...basis }: Guard): string {
  const { judged, periods, samples, minimumSamples } = basis;
  const measured = worst === null ? 'no value' : `${rounded(worst)} at worst`;
  const few = samples !== null && samples < minimumSamples ? `, at most ${samples} of ${minimumSamples} samples` : '';
  return `${guard} ${verdict}, ${measured} against ${rounded(threshold)}, ${judged} of ${periods} periods judged${few}`;
}

/** What follows for people from the verdict on a release that serves. Undefined if nothing does. */
export function consequence({ verdict, whenInconclusive }: RolloutJudgement): string | undefined {
  if (verdict === 'healthy') return undefined;
  if (verdict === 'tripped') return 'a guard was beyond its bound, and the release serves: look at it';
  return whenInconclusive === 'rollBack'
    ? 'its guards could not judge it, and no step was blind throughout, which is what rollBack goes by: look at it'
    : `its guards could not judge it; whenInconclusive is ${whenInconclusive ?? 'not set'}, so it serves`;
}

/** Three digits are enough to compare by. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
