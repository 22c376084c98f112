import type { EndpointDescription } from '../shift/endpoint-description';

/**
 * The few calls of AWS that a release takes, as the SDK's clients have them, in plain structures: handlers and the
 * command line bring their own clients, and tests bring none.
 */
export interface ReleaseApi {
  readonly sageMaker: SageMakerApi;
  readonly ssm: SsmApi;
  readonly cloudFormation: CloudFormationApi;
  readonly s3: S3Api;
  readonly cloudWatch: CloudWatchApi;
}

export type Answer<T> = Promise<{ readonly [K in keyof T]?: T[K] | undefined }>;

export interface SageMakerApi {
  describeModelPackage(input: { ModelPackageName: string }): Answer<ModelPackageDescription>;
  describeEndpoint(input: { EndpointName: string }): Promise<EndpointDescription>;
  describeEndpointConfig(input: { EndpointConfigName: string }): Answer<{
    ProductionVariants: readonly {
      readonly VariantName?: string | undefined;
      readonly ModelName?: string | undefined;
    }[];
  }>;
  describeInferenceComponent(input: { InferenceComponentName: string }): Promise<InferenceComponentDescription>;
  describeModel(input: {
    ModelName: string;
  }): Answer<{ PrimaryContainer: Container; Containers: readonly Container[] }>;
}

export interface InferenceComponentDescription {
  readonly InferenceComponentStatus?: string | undefined;
  readonly FailureReason?: string | undefined;
  readonly Specification?:
    | {
        readonly ModelName?: string | undefined;
        readonly Container?:
          | { readonly DeployedImage?: { readonly ResolvedImage?: string | undefined } | undefined }
          | undefined;
      }
    | undefined;
}

interface Container {
  readonly ModelPackageName?: string | undefined;
  readonly Image?: string | undefined;
  readonly ImageDigest?: string | undefined;
  readonly ModelDataUrl?: string | undefined;
}

export interface ModelPackageDescription {
  readonly ModelPackageArn: string;
  readonly ModelPackageGroupName: string;
  readonly ModelPackageVersion: number;
  readonly ModelApprovalStatus: string;
  readonly ApprovalDescription: string;
  readonly CustomerMetadataProperties: Readonly<Record<string, string>>;
  readonly LastModifiedBy: {
    readonly UserProfileName?: string | undefined;
    readonly DomainId?: string | undefined;
    readonly IamIdentity?:
      | { readonly Arn?: string | undefined; readonly SourceIdentity?: string | undefined }
      | undefined;
  };
  readonly LastModifiedTime: Date;
  readonly InferenceSpecification: { readonly Containers?: readonly Container[] | undefined };
  readonly ModelMetrics: {
    readonly ModelQuality?: { readonly Statistics?: { readonly S3Uri?: string | undefined } | undefined } | undefined;
  };
}

export interface SsmApi {
  getParameter(input: { Name: string }): Answer<{ Parameter: { readonly Value?: string | undefined } }>;
  putParameter(input: { Name: string; Value: string; Overwrite: boolean }): Promise<unknown>;
}

export interface CloudFormationApi {
  describeStacks(input: { StackName: string }): Answer<{ Stacks: readonly StackDescription[] }>;
  describeStackEvents(input: {
    StackName: string;
    NextToken?: string;
  }): Answer<{ StackEvents: readonly StackEvent[]; NextToken: string }>;
  getTemplate(input: { StackName: string }): Answer<{ TemplateBody: string }>;
  updateStack(input: {
    StackName: string;
    UsePreviousTemplate: boolean;
    Parameters: { ParameterKey: string; UsePreviousValue: boolean }[];
    Capabilities: ('CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND')[];
    RoleARN?: string;
    ClientRequestToken: string;
  }): Promise<unknown>;
}

export interface StackDescription {
  readonly StackId?: string | undefined;
  readonly StackStatus?: string | undefined;
  readonly StackStatusReason?: string | undefined;
  readonly Parameters?: readonly { readonly ParameterKey?: string | undefined }[] | undefined;
  readonly Outputs?:
    | readonly { readonly OutputKey?: string | undefined; readonly OutputValue?: string | undefined }[]
    | undefined;
}

export interface StackEvent {
  readonly ResourceType?: string | undefined;
  readonly PhysicalResourceId?: string | undefined;
  readonly LogicalResourceId?: string | undefined;
  readonly ResourceStatus?: string | undefined;
  readonly ResourceStatusReason?: string | undefined;
  readonly ClientRequestToken?: string | undefined;
}

export interface CloudWatchApi {
  describeAlarmHistory(input: {
    AlarmName: string;
    HistoryItemType: 'StateUpdate';
    StartDate: Date;
    EndDate: Date;
    MaxRecords: number;
    ScanBy: 'TimestampAscending';
    NextToken?: string;
  }): Answer<{ AlarmHistoryItems: readonly AlarmHistoryItem[]; NextToken: string }>;
  describeAlarms(input: { AlarmNames: string[] }): Answer<{ MetricAlarms: readonly GuardAlarm[] }>;
  getMetricData(input: {
    StartTime: Date;
    EndTime: Date;
    ScanBy: 'TimestampAscending';
    MetricDataQueries: MetricQuery[];
    NextToken?: string;
  }): Answer<{ MetricDataResults: readonly MetricSeries[]; NextToken: string }>;
}

/** What an alarm looks at: one metric, or several with metric math. */
export interface GuardAlarm {
  readonly AlarmName?: string | undefined;
  readonly ComparisonOperator?: string | undefined;
  readonly Threshold?: number | undefined;
  readonly EvaluationPeriods?: number | undefined;
  readonly Metrics?: MetricQuery[] | undefined;
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: Dimension[] | undefined;
  readonly Period?: number | undefined;
  readonly Statistic?: string | undefined;
  readonly ExtendedStatistic?: string | undefined;
}

interface Dimension {
  Name: string | undefined;
  Value: string | undefined;
}

export interface MetricQuery {
  readonly Id: string | undefined;
  readonly Expression?: string | undefined;
  readonly ReturnData?: boolean | undefined;
  readonly MetricStat?:
    | {
        readonly Metric:
          | { Namespace?: string | undefined; MetricName?: string | undefined; Dimensions?: Dimension[] | undefined }
          | undefined;
        readonly Period: number | undefined;
        readonly Stat: string | undefined;
      }
    | undefined;
}

export interface MetricSeries {
  readonly Id?: string | undefined;
  readonly Timestamps?: readonly Date[] | undefined;
  readonly Values?: readonly number[] | undefined;
  /** `Complete`, `PartialData`, `InternalError` or `Forbidden`. @default 'Complete' */
  readonly StatusCode?: string | undefined;
  /** Why it isn't complete. */
  readonly Messages?: readonly { readonly Value?: string | undefined }[] | undefined;
}

export interface AlarmHistoryItem {
  readonly AlarmName?: string | undefined;
  readonly Timestamp?: Date | undefined;
  /** JSON with `newState.stateValue` and `newState.stateReason`. */
  readonly HistoryData?: string | undefined;
  readonly HistorySummary?: string | undefined;
}

/** Of those that look for objects, not only at one. */
export interface S3ListApi {
  listObjects(input: {
    Bucket: string;
    Prefix: string;
    ContinuationToken?: string;
  }): Answer<{ Contents: readonly { readonly Key?: string | undefined }[]; NextContinuationToken: string }>;
}

export interface S3Api {
  getObject(input: {
    Bucket: string;
    Key: string;
  }): Answer<{ Body: { transformToString(): Promise<string> }; ETag: string }>;
  putObject(input: {
    Bucket: string;
    Key: string;
    Body: string;
    ContentType: string;
    IfMatch?: string;
    IfNoneMatch?: string;
  }): Promise<unknown>;
}
