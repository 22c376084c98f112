import { isSame } from '../../../config/kubernetes/next-releases';
import { ModelReleases, type Release } from '../../../config/kubernetes/release';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { standingOf } from '../../../core/release/approval/standing';
import type { ModelVersion } from '../model-versions';
import type { OpenRelease } from '../open-release';
import { manifestHistory } from './manifest-history';

/**
 * Whether those who have to say yes to a version have done so, as for a release on SageMaker. To go back takes no new
 * approval: what was the stable release was approved, and an outage is no time to look for a second person.
 * @throws InvalidInputError if somebody is missing, or said yes too long ago
 */
export async function requireStanding(
  opened: OpenRelease,
  { arn, version }: ModelVersion,
  release: Release,
): Promise<void> {
  const { chosen, ports } = opened;
  const found = await ports.packages.describe(arn);
  if (!found) throw new Error(`${arn}: is not in the registry any more; run the command again`);
  const standing = await standingOf(found, found.changedAt ?? ports.now().toISOString(), ports);
  if (standing.kind === 'stands' || (await wasStable(release, opened))) return;
  const { model, environmentName, source } = chosen;
  throw new InvalidInputError(
    'VERSION',
    `must be approved to serve, got ${standing.why}`,
    `npx mlops release approve ${model} ${version} --env ${source?.environmentName ?? environmentName} --reason … approves it`,
  );
}

async function wasStable(release: Release, { chosen, evidence }: OpenRelease): Promise<boolean> {
  const isStable = (releases: unknown) => {
    const { stable } = ModelReleases.safeParse(releases).data ?? {};
    return stable !== undefined && isSame(stable, release);
  };
  if (isStable(chosen.environment.kubernetes?.releases[chosen.model])) return true;
  for await (const { record, fault } of manifestHistory(evidence)) {
    // What a change that was broken off would have made stable is in no other record's past.
    if (record && fault === null && isStable(record.before)) return true;
  }
  return false;
}
