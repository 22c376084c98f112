import { z } from 'zod';

/** What the handlers of a release are told by their stack. */
export const Settings = z
  .object({
    ENVIRONMENT: z.string().min(1),
    MODEL: z.string().min(1),
    EVIDENCE_BUCKET: z.string().min(1),
    RELEASE_ROLE_ARN: z.string().min(1),
    TOPIC_ARN: z.string().min(1),
    /** Different people who have to say yes; 0 where passing the gates is enough. */
    APPROVAL_PEOPLE: z
      .string()
      .regex(/^[012]$/)
      .transform(Number),
    /** @default - approvals count for good */
    APPROVAL_EXPIRES_HOURS: z
      .string()
      .regex(/^[1-9]\d*$/)
      .transform(Number)
      .optional(),
    /** Environment whose registry has the versions, and its account; both or neither. @default - the environment itself */
    REGISTRY_ENVIRONMENT: z.string().min(1).optional(),
    REGISTRY_ACCOUNT: z
      .string()
      .regex(/^\d{12}$/)
      .optional(),
    /** Bucket of models, where a gate asks new versions to beat the one that serves. @default - none does */
    CHAMPION_BUCKET: z.string().min(1).optional(),
    /** Set where AWS is emulated. */
    AWS_ENDPOINT_URL: z.string().optional(),
    /** How many times faster than configured waits go by where AWS is emulated. @default 1 */
    MLOPS_CLOCK_SPEED: z.coerce.number().min(1).optional(),
  })
  // One alone would read as none, and versions be taken for the environment's own.
  .refine(
    ({ REGISTRY_ENVIRONMENT, REGISTRY_ACCOUNT }) =>
      (REGISTRY_ENVIRONMENT === undefined) === (REGISTRY_ACCOUNT === undefined),
    'REGISTRY_ENVIRONMENT and REGISTRY_ACCOUNT: both must be set or neither, got one; deploy the stack again',
  );
export type Settings = z.output<typeof Settings>;
