/** As much of DescribeEndpoint as says what serves and how far an update has come, in the SDK's structure. */
export interface EndpointDescription {
  readonly EndpointStatus?: string | undefined;
  readonly EndpointConfigName?: string | undefined;
  readonly FailureReason?: string | undefined;
  readonly LastModifiedTime?: Date | undefined;
  readonly LastDeploymentConfig?:
    | {
        readonly AutoRollbackConfiguration?:
          | { readonly Alarms?: readonly { readonly AlarmName?: string | undefined }[] | undefined }
          | undefined;
      }
    | undefined;
  readonly ProductionVariants?: readonly VariantDescription[] | undefined;
  readonly PendingDeploymentSummary?:
    | {
        readonly EndpointConfigName?: string | undefined;
        readonly StartTime?: Date | undefined;
        readonly ProductionVariants?: readonly VariantDescription[] | undefined;
      }
    | undefined;
}

export interface VariantDescription {
  readonly VariantName?: string | undefined;
  readonly DeployedImages?: readonly { readonly ResolvedImage?: string | undefined }[] | undefined;
  readonly CurrentWeight?: number | undefined;
  readonly DesiredWeight?: number | undefined;
  readonly CurrentInstanceCount?: number | undefined;
  readonly DesiredInstanceCount?: number | undefined;
  readonly VariantStatus?: readonly VariantStatus[] | undefined;
}

export interface VariantStatus {
  readonly Status?: string | undefined;
  readonly StatusMessage?: string | undefined;
  readonly StartTime?: Date | undefined;
}
