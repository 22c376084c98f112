import { z } from 'zod';
import type { FiredAlarm, ReleasePorts } from '../ports';
import type { AlarmHistoryItem, CloudWatchApi } from './api';
import type { Window } from './guard-points';

/** Of one page, the most that there are. An alarm that has now and then no data changes its state once a period. */
const ITEMS = 100;

const HistoryData = z.looseObject({
  newState: z.looseObject({ stateValue: z.string(), stateReason: z.string().default('') }),
});

/**
 * Alarms that went off, from their history: an alarm whose metric ended with the fleet that went back may be calm again.
 * What can't be read is left out: the record of a release must not depend on it.
 */
export function firedAlarms(cloudWatch: CloudWatchApi, now: () => Date): ReleasePorts['alarms'] {
  return {
    fired: async (names, since) => {
      const found = await Promise.all(
        names.map((name) => firstFired(cloudWatch, name, { from: since, to: now() }).catch(() => undefined)),
      );
      return found.filter((it) => it !== undefined).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    },
  };
}

/** When an alarm first went off in a time. @throws Error of the service */
export async function firstFired(
  cloudWatch: CloudWatchApi,
  AlarmName: string,
  { from, to }: Window,
): Promise<FiredAlarm | undefined> {
  let page: string | undefined;
  do {
    const { AlarmHistoryItems = [], NextToken } = await cloudWatch.describeAlarmHistory({
      AlarmName,
      HistoryItemType: 'StateUpdate',
      StartDate: from,
      EndDate: to,
      MaxRecords: ITEMS,
      ScanBy: 'TimestampAscending',
      NextToken: page,
    });
    const [first] = AlarmHistoryItems.flatMap((item) => toFired(AlarmName, item));
    if (first) return first;
    page = NextToken;
  } while (page !== undefined);
  return undefined;
}

function toFired(name: string, { Timestamp, HistoryData: data = '' }: AlarmHistoryItem): FiredAlarm[] {
  const parsed = HistoryData.safeParse(parseJson(data));
  if (!Timestamp || !parsed.success || parsed.data.newState.stateValue !== 'ALARM') return [];
  return [{ name, at: Timestamp.toISOString(), reason: parsed.data.newState.stateReason }];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
