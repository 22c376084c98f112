import type { CloudWatchClient, DescribeAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
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
