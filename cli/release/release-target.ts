import { InvalidInputError } from '../../core/invalid-input-error';
import type { ReleaseState } from '../../core/release/release-state';
import { describeChoice, findVersion, type ModelVersion, modelVersions, versionOf } from './model-versions';
import type { OpenRelease } from './open-release';
import { releaseHistory } from './release-history';
import { servedBefore } from './served-before';

/**
 * The version to promote: the one that is named, or the newest approved one.
 * @throws InvalidInputError if there is none, or it isn't approved
 */
export async function toPromote({ api, chosen }: OpenRelease, text: string | undefined): Promise<ModelVersion> {
  const versions = await modelVersions(api, chosen);
  if (text !== undefined) return approved(findVersion(versions, text), chosen);
  const newest = versions.find(({ approval }) => approval === 'Approved');
  if (newest) return newest;
  throw new InvalidInputError('VERSION', 'no version is approved, got none', describeChoice(versions));
}

/**
 * The version to go back to: the one that is named, or the last that served before the live one and is still approved.
 * @throws InvalidInputError if it never served, or there is nothing to go back to
 */
export async function toGoBackTo(
  release: OpenRelease,
  text: string | undefined,
  state: ReleaseState | undefined,
): Promise<ModelVersion> {
  const { api, chosen, ports, evidence } = release;
  const versions = await modelVersions(api, chosen);
  const { modelPackage: live } = await ports.endpoint.live();
  const records = [];
  for await (const { record, fault } of releaseHistory(evidence)) if (record && fault === null) records.unshift(record);

  if (text !== undefined) {
    const named = findVersion(versions, text);
    const served = records.some(({ outcome, decision }) => {
      return outcome === 'released' && decision.modelPackage === named.arn;
    });
    if (served) return approved(named, chosen);
    throw new InvalidInputError(
      'VERSION',
      `has never served, got ${text}`,
      `to release it: npx mlops release promote ${chosen.model} ${text} --env ${chosen.environmentName}`,
    );
  }
  if (state && !state.settled) {
    throw new InvalidInputError(
      `${chosen.model} in ${chosen.environmentName}`,
      `version ${state.decision.version} is on its way and what is live may change, got no VERSION`,
      'name the version to go back to, or wait for the outcome',
    );
  }
  const candidates = servedBefore(records, live);
  for (const arn of candidates) {
    const version = versions.find((candidate) => candidate.arn === arn && candidate.approval === 'Approved');
    if (version) return version;
  }
  throw new InvalidInputError(
    `${chosen.model} in ${chosen.environmentName}`,
    `there is no earlier release to go back to, got ${describeServed(live, candidates)}`,
    `choose a version to release: npx mlops release promote ${chosen.model} VERSION --env ${chosen.environmentName}`,
  );
}

function describeServed(live: string, candidates: readonly string[]): string {
  const serves = versionOf(live) === null ? 'nothing live' : `version ${versionOf(live)} live`;
  if (candidates.length === 0) return `${serves} and none before it`;
  return `${serves} and before it only versions that are not approved any more (${candidates.map(versionOf).join(', ')})`;
}

function approved(version: ModelVersion, { model, environmentName, source }: OpenRelease['chosen']): ModelVersion {
  if (version.approval === 'Approved') return version;
  throw new InvalidInputError(
    'VERSION',
    `must be approved to serve, got ${version.version} (${version.approval})`,
    `npx mlops release approve ${model} ${version.version} --env ${source?.environmentName ?? environmentName} --reason … approves it`,
  );
}
