import { Evaluation } from '../../../core/evaluation';
import { APPROVED_BY, toModelPackage } from '../../../core/release/aws/model-packages';
import { errorMessage, unlessMissing } from '../../../core/release/aws/service-errors';
import type { ModelVersion } from '../model-versions';
import type { ReleaseCliApi } from '../release-cli-api';

/** What is known of a version, as an approver weighs it. Null says that it wasn't recorded. */
export interface VersionFacts {
  readonly version: number;
  readonly modelPackage: string;
  readonly approval: string;
  readonly approvedBy: string | null;
  readonly registeredAt: string | null;
  readonly image: string | null;
  readonly artefact: string | null;
  readonly modelSha256: string | null;
  readonly dataSha256: string | null;
  readonly commit: string | null;
  readonly hyperparameters: Readonly<Record<string, string>> | null;
  readonly evaluation: Evaluation | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Facts that are there and could not be read: one sentence each. */
  readonly faults: readonly string[];
}

/** Hyperparameters that say where the script is, not how it learns. */
const PLUMBING = /^sagemaker_|^_/;

/** Reads a version's package, its evaluation and the training job that made it. */
export async function versionFacts(api: ReleaseCliApi, { arn, version }: ModelVersion): Promise<VersionFacts> {
  const description = await api.sageMaker.describeModelPackage({ ModelPackageName: arn });
  const found = toModelPackage(description, arn);
  const faults: string[] = [];
  const orFault = async <T>(what: string, read: Promise<T | undefined>): Promise<T | null> => {
    try {
      return (await read) ?? null;
    } catch (error) {
      faults.push(`version ${version}: its ${what} can't be read, got ${errorMessage(error)}`);
      return null;
    }
  };
  const [evaluation, hyperparameters] = await Promise.all([
    orFault('evaluation', readEvaluation(api, found.metricsUri)),
    orFault('training job', readHyperparameters(api, found.artefact)),
  ]);
  return {
    version,
    modelPackage: arn,
    approval: found.approval,
    approvedBy: found.metadata[APPROVED_BY] ?? null,
    registeredAt: description.CreationTime?.toISOString() ?? null,
    image: found.image,
    artefact: found.artefact,
    modelSha256: evaluation?.model_sha256 ?? found.metadata.model_sha256 ?? null,
    dataSha256: evaluation?.data_sha256 ?? found.metadata.data_sha256 ?? null,
    commit: description.MetadataProperties?.CommitId ?? found.metadata.commit ?? null,
    hyperparameters,
    evaluation,
    metadata: found.metadata,
    faults,
  };
}

async function readEvaluation(api: ReleaseCliApi, uri: string | null): Promise<Evaluation | undefined> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri ?? '') ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  const object = await api.s3.getObject({ Bucket: bucket, Key: key });
  return Evaluation.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
}

/** SageMaker puts an artefact under the name of the training job: `…/JOB/output/model.tar.gz`. */
async function readHyperparameters(
  api: ReleaseCliApi,
  artefact: string | null,
): Promise<Readonly<Record<string, string>> | undefined> {
  const [, job] = /\/([^/]+)\/output\/model\.tar\.gz$/.exec(artefact ?? '') ?? [];
  if (job === undefined) return undefined;
  const found = await unlessMissing(api.sageMaker.describeTrainingJob({ TrainingJobName: job }));
  const all = Object.entries(found?.HyperParameters ?? {});
  return found && Object.fromEntries(all.filter(([name]) => !PLUMBING.test(name)));
}
