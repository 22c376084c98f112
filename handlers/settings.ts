import { z } from 'zod';

/** What the handlers of a release are told by their stack. */
export const Settings = z.object({
  ENVIRONMENT: z.string().min(1),
  MODEL: z.string().min(1),
  EVIDENCE_BUCKET: z.string().min(1),
  RELEASE_ROLE_ARN: z.string().min(1),
  TOPIC_ARN: z.string().min(1),
  /** Set where AWS is emulated. */
  AWS_ENDPOINT_URL: z.string().optional(),
});
export type Settings = z.output<typeof Settings>;
