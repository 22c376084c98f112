import type { EndpointApi } from '../endpoint/endpoint-api';

/** An alarm that isn't at rest. */
export interface AlarmLine {
  readonly name: string;
  readonly state: 'ALARM' | 'INSUFFICIENT_DATA';
  /** ISO. */
  readonly since: string | null;
  readonly reason: string | null;
}

export interface AlarmsStatus {
  /** How many there are in all. */
  readonly watched: number;
  /** Those that went off or can't judge, the former first. */
  readonly notOk: readonly AlarmLine[];
}

/** Alarms of a model's stacks, which CloudFormation names after them. Those of target tracking are its own affair. */
export async function alarmsOf(
  api: Pick<EndpointApi, 'cloudWatch'>,
  environmentPrefix: string,
  belongs: (alarmName: string) => boolean,
): Promise<AlarmsStatus> {
  let watched = 0;
  const notOk: AlarmLine[] = [];
  let page: string | undefined;
  do {
    const answer = await api.cloudWatch.describeAlarms({
      AlarmNamePrefix: environmentPrefix,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      NextToken: page,
    });
    for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
      const { AlarmName: name = '', StateValue: state, StateUpdatedTimestamp, StateReason } = alarm;
      if (!belongs(name)) continue;
      watched += 1;
      if (state !== 'ALARM' && state !== 'INSUFFICIENT_DATA') continue;
      notOk.push({ name, state, since: StateUpdatedTimestamp?.toISOString() ?? null, reason: StateReason ?? null });
    }
    page = answer.NextToken;
  } while (page !== undefined);
  return { watched, notOk: notOk.sort((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name)) };
}

/**
 * Which model of the environment an alarm belongs to, by the name of the stack that made it: the longest that fits, as
 * `churn-2` begins like `churn`.
 * @returns undefined if it is about no model
 */
export function modelOfAlarm(name: string, environmentPrefix: string, models: readonly string[]): string | undefined {
  const [, rest] = name.startsWith(environmentPrefix)
    ? (/^[a-z]+-(.+)$/s.exec(name.slice(environmentPrefix.length)) ?? [])
    : [];
  return models
    .filter((model) => rest?.startsWith(`${model}-`))
    .sort((a, b) => b.length - a.length)
    .at(0);
}
