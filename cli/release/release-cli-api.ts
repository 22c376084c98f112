import type { ModelPackageDescription, ReleaseApi, S3ListApi } from '../../core/release/aws/api';
import type { EndpointApi } from '../endpoint/endpoint-api';

type Answer<T> = Promise<{ readonly [K in keyof T]?: T[K] | undefined }>;

/** The calls that a person's commands take besides those of a release itself, again in plain structures. */
export interface ReleaseCliApi extends Omit<ReleaseApi, 'cloudWatch'>, Omit<EndpointApi, 'sageMaker'> {
  readonly sageMaker: Omit<ReleaseApi['sageMaker'], 'describeModelPackage'> & {
    describeModelPackage(input: { ModelPackageName: string }): Answer<
      ModelPackageDescription & {
        readonly CreationTime: Date;
        readonly LastModifiedTime: Date;
        readonly MetadataProperties: { readonly CommitId?: string | undefined };
      }
    >;
    describeTrainingJob(input: {
      TrainingJobName: string;
    }): Answer<{ HyperParameters: Readonly<Record<string, string>> }>;
    listModelPackages(input: {
      ModelPackageGroupName: string;
      NextToken?: string;
    }): Answer<{ ModelPackageSummaryList: readonly ModelPackageSummary[]; NextToken: string }>;
    updateModelPackage(input: ModelPackageUpdate): Promise<unknown>;
  };
  readonly s3: ReleaseApi['s3'] &
    S3ListApi & {
      /** An object in pieces, for those that are too long to be held at once. */
      readObject(input: { Bucket: string; Key: string }): Promise<ObjectInPieces>;
    };
  readonly sns: { publish(input: { TopicArn: string; Subject: string; Message: string }): Promise<unknown> };
}

export interface ObjectInPieces {
  readonly lastModified: Date | undefined;
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface ModelPackageSummary {
  readonly ModelPackageArn?: string | undefined;
  readonly ModelPackageVersion?: number | undefined;
  readonly ModelApprovalStatus?: string | undefined;
}

export interface ModelPackageUpdate {
  readonly ModelPackageArn: string;
  readonly ModelApprovalStatus: 'Approved' | 'Rejected' | 'PendingManualApproval';
  readonly ApprovalDescription: string;
  readonly CustomerMetadataProperties?: Record<string, string>;
  readonly CustomerMetadataPropertiesToRemove?: string[];
}
