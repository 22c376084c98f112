import type { HandlerApi } from '../../../handlers/aws-release-api';
import type { HandlerProps } from '../../../handlers/model-package-state-change/handler';
import type { Settings } from '../../../handlers/settings';
import { BUCKET, FakeAws, GROUP, packageArn } from '../core/release/fake-aws';

export const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:releases';

/** AWS in memory, with what a handler is given of it. */
export function handlerFixture(policy: Partial<Settings> = {}): {
  aws: FakeAws;
  published: object[];
  /** Of metrics. */
  measured: object[];
  logged: object[];
  props: HandlerProps;
} {
  const aws = new FakeAws();
  const published: object[] = [];
  const measured: object[] = [];
  const logged: object[] = [];
  const { sageMaker, ssm, cloudFormation, s3, cloudWatch } = aws;
  const api: HandlerApi = {
    sageMaker: {
      ...sageMaker,
      updateModelPackage: async ({ ModelPackageArn, ModelApprovalStatus }) => {
        await aws.before('updateModelPackage');
        aws.change(ModelPackageArn, ModelApprovalStatus, 'handler');
      },
    },
    ssm,
    cloudFormation,
    s3,
    cloudWatch: { ...cloudWatch, putMetricData: async (input) => void measured.push(input) },
    sns: { publish: async (message) => void published.push(message) },
  };
  const settings = {
    ENVIRONMENT: 'dev',
    MODEL: 'churn',
    EVIDENCE_BUCKET: BUCKET,
    RELEASE_ROLE_ARN: 'arn:aws:iam::111111111111:role/mlops/dev/release/churn',
    TOPIC_ARN,
    APPROVAL_PEOPLE: 1,
    ...policy,
  };
  const props = { settings, api, now: () => new Date(aws.time), log: (entry: object) => void logged.push(entry) };
  return { aws, published, measured, logged, props };
}

const envelope = { id: 'an-event', account: '111111111111', region: 'eu-west-1' };

/** The event of an approval, as SageMaker sends it. @param more of the detail */
export function approval(version: number, time = '2026-03-01T12:00:00Z', more: object = {}): object {
  return {
    ...envelope,
    time,
    source: 'aws.sagemaker',
    'detail-type': 'SageMaker Model Package State Change',
    detail: {
      ModelPackageArn: packageArn(version),
      ModelPackageGroupName: GROUP,
      ModelPackageVersion: version,
      ModelApprovalStatus: 'Approved',
      ...more,
    },
  };
}

/** The event of the end of a stack's operation, as CloudFormation sends it. */
export function stackEnded(status = 'UPDATE_COMPLETE'): object {
  return {
    ...envelope,
    time: '2026-03-01T12:30:00Z',
    source: 'aws.cloudformation',
    'detail-type': 'CloudFormation Stack Status Change',
    detail: { 'stack-id': 'a-stack', 'status-details': { status, 'status-reason': '' } },
  };
}

export const clock: object = {
  ...envelope,
  time: '2026-03-01T13:00:00Z',
  'detail-type': 'Scheduled Event',
  detail: {},
};

/** Messages as SQS hands them over; their ids are `message-0`, `message-1` and so on. */
export function batch(...bodies: (object | string)[]): object {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })),
  };
}
