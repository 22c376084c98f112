import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface DeadLetterAlarmProps {
  readonly queue: IQueue;
  /** What could not be done, and for what. */
  readonly alarmDescription: string;
  /** Hears of it. @default - nobody */
  readonly alarmAction?: IAlarmAction | undefined;
}

/** Goes off as soon as one message lies in the queue, and until somebody has taken it out. */
export function deadLetterAlarm(
  scope: Construct,
  id: string,
  { queue, alarmDescription, alarmAction }: DeadLetterAlarmProps,
): Alarm {
  const alarm = new Alarm(scope, id, {
    alarmDescription,
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (alarmAction) alarm.addAlarmAction(alarmAction);
  return alarm;
}
