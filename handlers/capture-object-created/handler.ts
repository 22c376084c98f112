import { z } from 'zod';
import { ObjectCreated } from '../../core/events';
import { awsCaptureApi, type CaptureApi } from './capture-api';
import type { FileCache } from './captured-requests';
import { judgePredictions, type PredictionJudgement } from './logic';

const Settings = z.object({
  ENDPOINT_NAME: z.string().min(1),
  VARIANT_NAME: z.string().min(1),
  /** Set where AWS is emulated. */
  AWS_ENDPOINT_URL: z.string().optional(),
});

const SqsBatch = z.looseObject({ Records: z.array(z.looseObject({ body: z.string() })) });

export interface HandlerProps {
  readonly settings: z.output<typeof Settings>;
  readonly api: CaptureApi;
  readonly now: () => Date;
  readonly log: (entry: object) => void;
}

/** Answers the events of a batch of files of captured data, with one look at all that is captured. */
export function createHandler({
  settings,
  api,
  now,
  log,
}: HandlerProps): (event: unknown) => Promise<PredictionJudgement> {
  const cache: FileCache = new Map();
  return async (input) => {
    const files = SqsBatch.parse(input).Records.map(
      ({ body }) => ObjectCreated.parse(JSON.parse(body)).detail.object.key,
    );
    const judgement = await judgePredictions({
      endpointName: settings.ENDPOINT_NAME,
      variantName: settings.VARIANT_NAME,
      api,
      cache,
      now,
    });
    log({ level: 'info', files: files.length, ...judgement });
    return judgement;
  };
}

let ready: ReturnType<typeof createHandler> | undefined;

/** Entry point of the Lambda function. */
export async function handler(event: unknown): Promise<PredictionJudgement> {
  if (!ready) {
    const settings = Settings.parse(process.env);
    ready = createHandler({
      settings,
      api: awsCaptureApi(settings.AWS_ENDPOINT_URL),
      now: () => new Date(),
      log: (entry) => console.log(JSON.stringify(entry)),
    });
  }
  return ready(event);
}
