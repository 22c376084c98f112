import { type Comparison, judgeRelease } from '../../guards/judge';
import { GUARDS_OUTPUT } from '../../names';
import type { RolloutJudgement } from '../guards/rollout-judgement';
import { WatchedGuards } from '../guards/watched-guards';
import type { ReleasePorts } from '../ports';
import type { CloudFormationApi, CloudWatchApi, GuardAlarm, SageMakerApi } from './api';
import { firstFired } from './fired-alarms';
import { guardPoints, type Window } from './guard-points';
import { errorMessage } from './service-errors';

export interface GuardJudgementProps {
  readonly api: {
    readonly cloudFormation: Pick<CloudFormationApi, 'describeStacks'>;
    readonly cloudWatch: CloudWatchApi;
    readonly sageMaker: Pick<SageMakerApi, 'describeEndpoint'>;
  };
  readonly stackName: string;
  readonly endpointName: string;
  /** How many times faster than configured the endpoint's waits and the periods of alarms go by. */
  readonly speed: () => Promise<number>;
  readonly now: () => Date;
}

/**
 * Judges a release by the alarms that watched it: their own definitions, as they are deployed, over the data points of
 * the time in which traffic shifted. SageMaker doesn't say when that began; it is as long before the endpoint came to
 * rest as the guards watch at most.
 */
export function guardJudgement(props: GuardJudgementProps): ReleasePorts['guards'] {
  return {
    judge: async (since) => {
      try {
        return await judge(props, since);
      } catch (error) {
        // The record of a release must not depend on it, but says so.
        return { notJudged: errorMessage(error) };
      }
    },
  };
}

async function judge(props: GuardJudgementProps, since: Date): Promise<RolloutJudgement | null> {
  const { api, stackName, now } = props;
  const { Stacks: [stack] = [] } = await api.cloudFormation.describeStacks({ StackName: stackName });
  const output = stack?.Outputs?.find(({ OutputKey }) => OutputKey === GUARDS_OUTPUT)?.OutputValue;
  if (output === undefined) return null;
  const watched = WatchedGuards.parse(JSON.parse(output));
  // All traffic moved at once, and nobody waited for what the guards would say.
  if (watched.whenInconclusive === null) return null;
  const speed = await props.speed();
  const window = await windowOf(props, since, watched.watchSeconds / speed);
  const names = watched.guards.map(({ alarmName }) => alarmName);
  const [alarms, fired] = await Promise.all([
    names.length === 0 ? [] : describeAlarms(api.cloudWatch, names),
    Promise.all(names.map((name) => firstFired(api.cloudWatch, name, { from: window.from, to: now() }))),
  ]);
  const found = await Promise.all(
    watched.guards.map(async ({ guard, alarmName, samples }) => {
      const alarm = alarms.find(({ AlarmName }) => AlarmName === alarmName);
      const { points, periodSeconds } = await guardPoints(api.cloudWatch, { alarm, samples, window, speed });
      return {
        alarm: alarmName,
        periodSeconds,
        record: {
          guard,
          comparison: (alarm?.ComparisonOperator ?? 'GreaterThanThreshold') as Comparison,
          threshold: alarm?.Threshold ?? 0,
          periods: alarm?.EvaluationPeriods ?? 1,
          minimumSamples: samples?.minimum,
          points,
          wentOff: fired.some((alarmThatFired) => alarmThatFired?.name === alarmName),
        },
      };
    }),
  );
  const { verdict, guards } = judgeRelease(found.map(({ record }) => record));
  return {
    verdict,
    whenInconclusive: watched.whenInconclusive,
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    guards: found.flatMap(({ alarm, periodSeconds, record }, index) => {
      const { comparison, threshold, minimumSamples = 0 } = record;
      const judgement = guards[index];
      return judgement ? [{ ...judgement, alarm, comparison, threshold, periodSeconds, minimumSamples }] : [];
    }),
  };
}

async function describeAlarms(cloudWatch: CloudWatchApi, AlarmNames: string[]): Promise<readonly GuardAlarm[]> {
  return (await cloudWatch.describeAlarms({ AlarmNames })).MetricAlarms ?? [];
}

async function windowOf(
  { api, endpointName, now }: GuardJudgementProps,
  since: Date,
  watchSeconds: number,
): Promise<Window> {
  const { LastModifiedTime } = await api.sageMaker.describeEndpoint({ EndpointName: endpointName });
  const to = LastModifiedTime && LastModifiedTime > since ? LastModifiedTime : now();
  return { from: new Date(Math.max(since.getTime(), to.getTime() - watchSeconds * 1000)), to };
}
