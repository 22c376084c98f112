import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName, modelPackageGroupArn } from '../../core/names';
import { unlessMissing } from '../../core/release/aws/service-errors';
import type { Chosen } from '../model-argument';
import type { ReleaseCliApi } from './release-cli-api';

export interface ModelVersion {
  readonly arn: string;
  readonly version: number;
  readonly approval: string;
}

export { versionOfArn as versionOf } from '../../core/release/version-of-arn';

/** All versions of the model in the registry, newest first. */
export async function modelVersions(api: ReleaseCliApi, chosen: Chosen): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  let page: string | undefined;
  do {
    const answer = await unlessMissing(
      api.sageMaker.listModelPackages({ ModelPackageGroupName: groupOf(chosen), NextToken: page }),
    );
    for (const { ModelPackageArn, ModelPackageVersion, ModelApprovalStatus } of answer?.ModelPackageSummaryList ?? []) {
      if (ModelPackageArn === undefined || ModelPackageVersion === undefined) continue;
      const approval = ModelApprovalStatus ?? 'PendingManualApproval';
      versions.push({ arn: ModelPackageArn, version: ModelPackageVersion, approval });
    }
    page = answer?.NextToken;
  } while (page !== undefined);
  return versions.sort((a, b) => b.version - a.version);
}

/** As ListModelPackages takes it: a group of another account by its ARN. */
function groupOf({ environmentName, environment, model, source }: Chosen): string {
  const group = modelName(source?.environmentName ?? environmentName, model);
  if (!source || source.account === environment.account) return group;
  return modelPackageGroupArn({ region: environment.region, account: source.account, group });
}

/** @throws InvalidInputError listing the versions that exist */
export function findVersion(versions: readonly ModelVersion[], text: string): ModelVersion {
  const found = /^[1-9]\d*$/.test(text) ? versions.find(({ version }) => version === Number(text)) : undefined;
  if (found) return found;
  throw new InvalidInputError('VERSION', `no such version, got ${text}`, describeChoice(versions));
}

/** What to choose from, for the end of an error. */
export function describeChoice(versions: readonly ModelVersion[]): string {
  if (versions.length === 0) return 'run the pipeline, which registers one';
  return `choose from ${versions.map(({ version, approval }) => `${version} (${approval})`).join(', ')}`;
}
