import type { EvidenceRecord } from '../../core/release/evidence';

/**
 * Which releases are left to go back to, from the records of all releases.
 *
 * Going back twice goes back two releases: one that was gone back from isn't returned to, as somebody had a reason to
 * leave it.
 * @param records oldest first
 * @param live ARN of what serves
 * @returns ARNs without the live one, the last that served first
 */
export function servedBefore(
  records: readonly Pick<EvidenceRecord, 'outcome' | 'decision'>[],
  live: string,
): readonly string[] {
  const served: string[] = [];
  for (const { outcome, decision } of records) {
    if (outcome !== 'released') continue;
    const { modelPackage, kind } = decision;
    const known = served.lastIndexOf(modelPackage);
    if (kind === 'rollback' && known !== -1) served.length = known;
    served.push(modelPackage);
  }
  const top = served.lastIndexOf(live);
  const before = (top === -1 ? served : served.slice(0, top)).filter((arn) => arn !== live);
  return [...new Set(before.toReversed())];
}
