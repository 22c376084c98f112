import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PREDICTION_SHIFT_NAMESPACE } from '../../core/guards/prediction-shift-metric';
import { PRODUCTION_VARIANT } from '../../core/names';
import { allow } from '../security/allow';
import { ReleaseFunction } from '../serving/release-function';
import type { DataLake } from '../storage/data-lake';

export interface PredictionComparisonProps {
  readonly endpointName: string;
  /** @default 'AllTraffic' */
  readonly variantName?: string;
  /** As in `config/models.ts`: captured data of all releases of the model lies below this prefix. */
  readonly modelName: string;
  readonly lake: DataLake;
  /** Encrypts the function's log. */
  readonly logKey: IKey;
  /** Hears when files can't be compared: the guard is blind then. */
  readonly alarmAction: IAlarmAction;
}

/**
 * Compares the predictions of a release with those of the one before while it takes over, from captured data, and
 * reports the distance as the metric that the guard predictionShift watches. The files that SageMaker writes to the
 * capture bucket set it off, at most every ten seconds; SageMaker collects requests for some minutes before it writes one.
 */
export class PredictionComparison extends Construct {
  constructor(scope: Construct, id: string, props: PredictionComparisonProps) {
    super(scope, id);
    const { endpointName, variantName = PRODUCTION_VARIANT, modelName, lake, logKey, alarmAction } = props;
    const { function: handler } = new ReleaseFunction(this, 'Function', {
      handler: 'capture-object-created',
      timeout: Duration.minutes(1),
      environment: { ENDPOINT_NAME: endpointName, VARIANT_NAME: variantName },
      logKey,
    });
    const stack = Stack.of(this);
    const sageMaker = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'sagemaker', resource, resourceName });
    allow(handler, { actions: ['sagemaker:DescribeEndpoint'], resources: [sageMaker('endpoint', endpointName)] });
    allow(handler, {
      actions: ['sagemaker:DescribeEndpointConfig'],
      resources: [sageMaker('endpoint-config', '*')],
      because: 'CloudFormation names endpoint configs anew at every release',
    });
    lake.grantRead(handler, 'capture', modelName);
    allow(handler, {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': PREDICTION_SHIFT_NAMESPACE } },
      because: 'Metrics are no resources; the namespace is fixed by the condition',
    });
    // Of whatever has come meanwhile, one look at all captured data says as much as one a file.
    const queue = new Queue(this, 'Files', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.minutes(10),
      visibilityTimeout: Duration.minutes(2),
    });
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'A file that could not be compared is compared with the next one, so nothing is worth keeping',
    });
    handler.addEventSource(
      new SqsEventSource(queue, { batchSize: 100, maxBatchingWindow: Duration.seconds(10), maxConcurrency: 2 }),
    );
    new Rule(this, 'Captured', {
      description: `Requests and answers of ${endpointName} were captured`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [lake.buckets.capture.bucketName] }, object: { key: [{ prefix: `${modelName}/` }] } },
      },
      targets: [new SqsQueue(queue)],
    });
    new Alarm(this, 'Blind', {
      alarmDescription: `${endpointName}: captured predictions can't be compared, so the guard predictionShift sees nothing`,
      metric: handler.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(alarmAction);
  }
}
