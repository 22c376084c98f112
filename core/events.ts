import { z } from 'zod';

/**
 * EventBridge events that we act on. Loose objects: the services add fields without notice.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
const envelope = { id: z.string(), account: z.string(), region: z.string(), time: z.string() };

export const ModelPackageStateChange = z.looseObject({
  ...envelope,
  source: z.literal('aws.sagemaker'),
  'detail-type': z.literal('SageMaker Model Package State Change'),
  detail: z.looseObject({
    ModelPackageArn: z.string(),
    ModelPackageGroupName: z.string(),
    ModelPackageVersion: z.number(),
    ModelApprovalStatus: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
    /** What an update changed. A new version has none. */
    UpdatedModelPackageFields: z.array(z.string()).nullish(),
    /** Of the version, not of the event: ISO, or milliseconds since 1970. */
    LastModifiedTime: z.union([z.string(), z.number()]).nullish(),
  }),
});
export type ModelPackageStateChange = z.output<typeof ModelPackageStateChange>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-ref-stack-status-change.html */
export const StackStatusChange = z.looseObject({
  ...envelope,
  source: z.literal('aws.cloudformation'),
  'detail-type': z.literal('CloudFormation Stack Status Change'),
  detail: z.looseObject({
    'stack-id': z.string(),
    'status-details': z.looseObject({ status: z.string(), 'status-reason': z.string().optional() }),
  }),
});
export type StackStatusChange = z.output<typeof StackStatusChange>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const ObjectCreated = z.looseObject({
  ...envelope,
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.looseObject({
    bucket: z.looseObject({ name: z.string() }),
    object: z.looseObject({ key: z.string() }),
  }),
});
export type ObjectCreated = z.output<typeof ObjectCreated>;
