import { z } from 'zod';
import { ModelPackageStateChange } from '../../core/events';
import { awsReleaseApi, type HandlerApi } from '../aws-release-api';
import { handlerPorts } from '../release-ports';
import { Settings } from '../settings';
import { promoteApproved, type TakeBack } from './logic';

const SqsBatch = z.looseObject({ Records: z.array(z.looseObject({ messageId: z.string(), body: z.string() })) });

/** Messages that shall come again, after the queue's visibility timeout. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface HandlerProps {
  readonly settings: Settings;
  readonly api: HandlerApi;
  readonly now: () => Date;
  readonly log: (entry: object) => void;
}

/** Answers a batch of approval events: who has to wait, or met an error, comes again and at last to the dead letters. */
export function createHandler({ settings, api, now, log }: HandlerProps): (batch: unknown) => Promise<BatchAnswer> {
  const ports = handlerPorts(settings, api, now);
  const takeBack: TakeBack = async (ModelPackageArn, why) => {
    await api.sageMaker.updateModelPackage({
      ModelPackageArn,
      ModelApprovalStatus: 'PendingManualApproval',
      // SageMaker takes no longer ones.
      ApprovalDescription: why.slice(0, 1024),
    });
  };
  return async (batch) => {
    const again: string[] = [];
    for (const { messageId, body } of SqsBatch.parse(batch).Records) {
      try {
        const event = ModelPackageStateChange.parse(JSON.parse(body));
        const promotion = await promoteApproved(event, ports, takeBack);
        log({ level: 'info', modelPackage: event.detail.ModelPackageArn, ...promotion });
        if (promotion.kind === 'busy') again.push(messageId);
      } catch (error) {
        log({ level: 'error', messageId, error: error instanceof Error ? error.message : String(error) });
        again.push(messageId);
      }
    }
    return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

let ready: ReturnType<typeof createHandler> | undefined;

/** Entry point of the Lambda function. */
export async function handler(batch: unknown): Promise<BatchAnswer> {
  if (!ready) {
    const settings = Settings.parse(process.env);
    ready = createHandler({
      settings,
      api: awsReleaseApi(settings.AWS_ENDPOINT_URL),
      now: () => new Date(),
      log: (entry) => console.log(JSON.stringify(entry)),
    });
  }
  return ready(batch);
}
