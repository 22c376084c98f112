import type { AlarmHistoryItem } from '../../../../core/release/aws/api';
import { firstFired } from '../../../../core/release/aws/fired-alarms';

const WINDOW = { from: new Date('2026-03-01T12:00:00Z'), to: new Date('2026-03-01T15:00:00Z') };

function update(minute: number, stateValue: string): AlarmHistoryItem {
  return {
    Timestamp: new Date(WINDOW.from.getTime() + minute * 60_000),
    HistoryData: JSON.stringify({ newState: { stateValue, stateReason: 'too many' } }),
  };
}

/** A history in pages, as long as CloudWatch makes them. */
function history(items: readonly AlarmHistoryItem[]) {
  const asked: (string | undefined)[] = [];
  const describeAlarmHistory = async ({ NextToken, MaxRecords }: { NextToken?: string; MaxRecords: number }) => {
    asked.push(NextToken);
    const next = Number(NextToken ?? 0) + MaxRecords;
    return {
      AlarmHistoryItems: items.slice(next - MaxRecords, next),
      NextToken: next < items.length ? String(next) : undefined,
    };
  };
  const notAsked = () => Promise.reject(new Error('not expected'));
  return { asked, cloudWatch: { describeAlarmHistory, describeAlarms: notAsked, getMetricData: notAsked } };
}

/** Of an endpoint that has now and then no requests: its alarm has a state every minute. */
const sparse = Array.from({ length: 120 }, (_, minute) => update(minute, minute % 2 ? 'OK' : 'INSUFFICIENT_DATA'));

test('an alarm that went off is found on whatever page of its history', async () => {
  const { cloudWatch, asked } = history([...sparse, update(121, 'ALARM'), update(122, 'OK')]);
  expect(await firstFired(cloudWatch, 'a', WINDOW)).toEqual({
    name: 'a',
    at: '2026-03-01T14:01:00.000Z',
    reason: 'too many',
  });
  expect(asked).toEqual([undefined, '100']);
});

test('no page is read beyond the one on which it went off first', async () => {
  const { cloudWatch, asked } = history([update(0, 'ALARM'), ...sparse, update(121, 'ALARM')]);
  expect(await firstFired(cloudWatch, 'a', WINDOW)).toMatchObject({ at: '2026-03-01T12:00:00.000Z' });
  expect(asked).toEqual([undefined]);
});

test('one that never went off is not found', async () => {
  expect(await firstFired(history(sparse).cloudWatch, 'a', WINDOW)).toBeUndefined();
  expect(await firstFired(history([]).cloudWatch, 'a', WINDOW)).toBeUndefined();
});
