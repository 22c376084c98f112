import { type AlarmType, type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmSource, AlarmState } from '../alarm-source';

/** A deployment waits for the answer, and may have to go back meanwhile. */
const TIMEOUT_MS = 5_000;
const TYPES: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];

/**
 * Reads metric and composite alarms.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export class CloudWatchAlarms implements AlarmSource {
  constructor(private readonly client: CloudWatchClient) {}

  async describe(names: readonly string[]): Promise<readonly AlarmState[]> {
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.client.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: TYPES }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName, StateValue, StateReason }) => ({
      name: AlarmName ?? '',
      state: StateValue ?? 'INSUFFICIENT_DATA',
      reason: StateReason ?? '',
    }));
  }
}
