import { CloudWatchClient, DescribeAlarmsCommand, type DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { CloudWatchAlarms } from '../../../../../local/sagemaker/endpoint/cloudwatch-alarms';

test('alarms of both kinds are asked for by name, and told as they are', async () => {
  const asked: DescribeAlarmsCommandInput[] = [];
  const client = {
    send: async ({ input }: { input: DescribeAlarmsCommandInput }) => {
      asked.push(input);
      return {
        MetricAlarms: [{ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'too many' }],
        CompositeAlarms: [{ AlarmName: 'b', StateValue: 'OK' }],
      };
    },
  };
  expect(await new CloudWatchAlarms(client as unknown as CloudWatchClient).describe(['a', 'b', 'c'])).toEqual([
    { name: 'a', state: 'ALARM', reason: 'too many' },
    { name: 'b', state: 'OK', reason: '' },
  ]);
  expect(asked).toEqual([{ AlarmNames: ['a', 'b', 'c'], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }]);
});

describe('an alarm that was in ALARM and is not any more', () => {
  const SINCE = new Date('2026-01-02T03:04:05.400Z');
  const at = (second: number) => new Date(Date.parse('2026-01-02T03:04:00Z') + second * 1_000);

  /** Its history in pages of two, newest first. */
  function source(updated: Date, ...history: { readonly at: Date; readonly state: string }[]): CloudWatchAlarms {
    const client = Object.assign(new CloudWatchClient({ region: 'us-east-1' }), {
      send: async (command: { input: { StartDate?: Date; NextToken?: string } }) => {
        if (command instanceof DescribeAlarmsCommand)
          return { MetricAlarms: [{ AlarmName: 'a', StateValue: 'OK', StateUpdatedTimestamp: updated }] };
        const { StartDate = new Date(0), NextToken: token = '0' } = command.input;
        const items = history.filter((item) => item.at >= StartDate);
        const next = Number(token) + 2;
        return {
          AlarmHistoryItems: items.slice(Number(token), next).map(({ state }) => ({
            HistoryData: JSON.stringify({ newState: { stateValue: state, stateReason: 'for a moment' } }),
          })),
          NextToken: next < items.length ? String(next) : undefined,
        };
      },
    });
    return new CloudWatchAlarms(client);
  }

  test('counts as being so since the last look', async () => {
    const alarms = source(at(7), { at: at(7), state: 'OK' }, { at: at(6), state: 'ALARM' });
    expect(await alarms.describe(['a'], SINCE)).toEqual([{ name: 'a', state: 'ALARM', reason: 'for a moment' }]);
    expect(await alarms.describe(['a'])).toMatchObject([{ state: 'OK' }]);
  });

  test('counts on whatever page of its history it stands', async () => {
    const calm = [12, 11, 10, 9].map((second) => ({ at: at(second), state: 'INSUFFICIENT_DATA' }));
    const alarms = source(at(12), ...calm, { at: at(8), state: 'ALARM' });
    expect(await alarms.describe(['a'], SINCE)).toMatchObject([{ state: 'ALARM' }]);
  });

  test('does not count from before it', async () => {
    expect(await source(at(7), { at: at(5), state: 'ALARM' }).describe(['a'], SINCE)).toMatchObject([{ state: 'OK' }]);
    expect(await source(at(4), { at: at(6), state: 'ALARM' }).describe(['a'], SINCE)).toMatchObject([{ state: 'OK' }]);
  });
});
