import {
  type AlarmType,
  type CloudWatchClient,
  DescribeAlarmsCommand,
  paginateDescribeAlarmHistory,
} from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { AlarmSource, AlarmState } from '../alarm-source';

/** A deployment waits for the answer, and may have to go back meanwhile. */
const TIMEOUT_MS = 5_000;
const TYPES: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
/** CloudWatch tells times by the second. */
const SECOND_MS = 1_000;

const StateUpdate = z.object({ newState: z.object({ stateValue: z.string(), stateReason: z.string().default('') }) });

interface Described {
  readonly AlarmName?: string;
  readonly StateValue?: AlarmState['state'];
  readonly StateReason?: string;
  readonly StateUpdatedTimestamp?: Date;
}

/**
 * Reads metric and composite alarms.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export class CloudWatchAlarms implements AlarmSource {
  constructor(private readonly client: CloudWatchClient) {}

  async describe(names: readonly string[], since?: Date): Promise<readonly AlarmState[]> {
    const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.client.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: TYPES }),
      { abortSignal },
    );
    return Promise.all(
      [...MetricAlarms, ...CompositeAlarms].map(async (alarm: Described) => {
        const { AlarmName: name = '', StateValue: state = 'INSUFFICIENT_DATA', StateReason: reason = '' } = alarm;
        const changed = alarm.StateUpdatedTimestamp?.getTime() ?? 0;
        if (since === undefined || state === 'ALARM' || changed + SECOND_MS < since.getTime())
          return { name, state, reason };
        return (await this.missed(name, since, abortSignal)) ?? { name, state, reason };
      }),
    );
  }

  /** An ALARM that came and went between two looks: a period is short on a clock that is sped up. */
  private async missed(name: string, since: Date, abortSignal: AbortSignal): Promise<AlarmState | undefined> {
    const StartDate = new Date(Math.ceil(since.getTime() / SECOND_MS) * SECOND_MS);
    const pages = paginateDescribeAlarmHistory(
      { client: this.client },
      {
        AlarmName: name,
        AlarmTypes: TYPES,
        HistoryItemType: 'StateUpdate',
        StartDate,
        ScanBy: 'TimestampDescending',
      },
      { abortSignal },
    );
    for await (const { AlarmHistoryItems = [] } of pages) {
      for (const { HistoryData = '{}' } of AlarmHistoryItems) {
        const update = StateUpdate.safeParse(JSON.parse(HistoryData));
        if (update.data?.newState.stateValue === 'ALARM')
          return { name, state: 'ALARM', reason: update.data.newState.stateReason };
      }
    }
    return undefined;
  }
}
