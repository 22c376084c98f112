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

/** Answers the end of an operation of the serving stack, and the clock. */
export function createHandler({ settings, api, now, log }: HandlerProps): (event: unknown) => Promise<Review> {
  const ports = handlerPorts(settings, api, now);
  const { ENVIRONMENT, MODEL } = settings;
  const Dimensions = Object.entries(releaseDimensions(ENVIRONMENT, MODEL)).map(([Name, Value]) => ({ Name, Value }));
  const measure: Measure = async (mismatches) => {
    await api.cloudWatch.putMetricData({
      Namespace: RELEASE_METRICS,
      MetricData: [{ MetricName: MISMATCH_METRIC, Dimensions, Value: mismatches, Unit: 'Count', Timestamp: now() }],
    });
  };
  return async (input) => {
    const event = Event.parse(input);
    const answer = await review(ports, event['detail-type'] === 'CloudFormation Stack Status Change', measure);
    const assignments = await settleAssignments({ api, ports, bucket: settings.EVIDENCE_BUCKET });
    log({ level: 'info', ...answer, ...(assignments.length > 0 && { assignments }) });
    const { CHAMPION_BUCKET: bucket } = settings;
    // Last, because it may take minutes, and fails where the artefact is gone or has more than the 5 GB that S3 copies.
    if (bucket !== undefined && answer.mismatches?.length === 0 && answer.release !== undefined) {
      await keepChampion(answer.release, ports, api.s3, bucket);
    }
    return answer;
  };
}

let ready: ReturnType<typeof createHandler> | undefined;

/** Entry point of the Lambda function. */
export async function handler(event: unknown): Promise<Review> {
  if (!ready) {
    const settings = Settings.parse(process.env);
    ready = createHandler({
      settings,
      api: awsReleaseApi(settings.AWS_ENDPOINT_URL),
      now: () => new Date(),
      log: (entry) => console.log(JSON.stringify(entry)),
    });
  }
  return ready(event);
}
