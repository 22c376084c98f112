import { type TierRecord, wallSeconds } from '../../tiers';
import { figure, markdownTable, spread } from '../measure/figures';
import { summary } from '../measure/sample';

/** A run of the tiers a round. */
export type SuiteResults = { readonly rounds: readonly (readonly TierRecord[])[] };

/**
 * The table of tiers, in Markdown. A tier that failed says so: its time means nothing. Tiers overlap, so that the last row
 * isn't their sum.
 */
export function suiteReport({ rounds }: SuiteResults): string {
  const tiers = (rounds[0] ?? []).map(({ tier }) => {
    const records = rounds.flatMap((round) => round.filter((record) => record.tier === tier));
    const seconds = records.map((record) => record.seconds);
    return { tier, passed: records[0]?.passed ?? 0, failed: Math.max(...records.map(({ failed }) => failed)), seconds };
  });
  const all = rounds.map(wallSeconds);
  const table = markdownTable(
    ['tier', 'passed', 'time, s'],
    [
      ...tiers.map(({ tier, passed, failed, seconds }) => [
        tier,
        failed > 0 ? `${passed}, failed: ${failed}` : passed.toLocaleString('en-GB'),
        spread(summary(seconds)),
      ]),
      ['all', '', spread(summary(all))],
    ],
  );
  const slowest = tiers.toSorted((a, b) => summary(b.seconds).median - summary(a.seconds).median)[0];
  if (!slowest) return table;
  const share = (100 * summary(slowest.seconds).median) / summary(all).median;
  const sum = tiers.reduce((seconds, tier) => seconds + summary(tier.seconds).median, 0);
  return `${table}\n\nThe slowest tier, ${slowest.tier}, takes ${figure(share)} % of the time of all. One after another they would add up to ${figure(sum)} s.`;
}
