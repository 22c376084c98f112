import { z } from 'zod';
import { StackStatusChange } from '../../core/events';
import { MISMATCH_METRIC, RELEASE_METRICS, releaseDimensions } from '../../core/names';
import { settleAssignments } from '../../core/release/aws/settle-assignments';
import { keepChampion } from '../../core/release/champion';
import { awsReleaseApi } from '../aws-release-api';
import type { HandlerProps } from '../model-package-state-change/handler';
import { handlerPorts } from '../release-ports';
import { Settings } from '../settings';
import { type Measure, type Review, review } from './logic';

const Clock = z.looseObject({ 'detail-type': z.literal('Scheduled Event') });
const Event = z.union([StackStatusChange, Clock]);

/** What an event is answered with, before `until`. @default - there is time */
type Answering = (event: unknown, until?: Date) => Promise<Review>;

/** Answers the end of an operation of the serving stack, and the clock. */
export function createHandler({ settings, api, now, log }: HandlerProps): Answering {
  const ports = handlerPorts(settings, api, now);
  const { ENVIRONMENT, MODEL } = settings;
  const Dimensions = Object.entries(releaseDimensions(ENVIRONMENT, MODEL)).map(([Name, Value]) => ({ Name, Value }));
  const measure: Measure = async (mismatches) => {
    await api.cloudWatch.putMetricData({
      Namespace: RELEASE_METRICS,
      MetricData: [{ MetricName: MISMATCH_METRIC, Dimensions, Value: mismatches, Unit: 'Count', Timestamp: now() }],
    });
  };
  return async (input, until) => {
    const event = Event.parse(input);
    const answer = await review(ports, event['detail-type'] === 'CloudFormation Stack Status Change', measure);
    const assignments = await settleAssignments({ api, ports, bucket: settings.EVIDENCE_BUCKET });
    log({ level: 'info', ...answer, ...(assignments.length > 0 && { assignments }) });
    const { CHAMPION_BUCKET: bucket } = settings;
    // Last, because it may take minutes, and fails where the artefact is gone or too large for the time that there is.
    if (bucket !== undefined && answer.mismatches?.length === 0 && answer.release !== undefined) {
      await keepChampion(answer.release, ports, api.s3, bucket, until);
    }
    return answer;
  };
}

let ready: Answering | undefined;

/** For the parts that are under way, and to take them back. */
const END_SECONDS = 60;

interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Entry point of the Lambda function. */
export async function handler(event: unknown, context: LambdaContext): Promise<Review> {
  if (!ready) {
    const settings = Settings.parse(process.env);
    ready = createHandler({
      settings,
      api: awsReleaseApi(settings.AWS_ENDPOINT_URL),
      now: () => new Date(),
      log: (entry) => console.log(JSON.stringify(entry)),
    });
  }
  return ready(event, new Date(Date.now() + context.getRemainingTimeInMillis() - END_SECONDS * 1000));
}
