import { z } from 'zod';
import { Sample } from '../loop/outputs';

/** What the process that sends requests is told, as one line of JSON. */
export const TrafficPlan = z.strictObject({
  /** `http://localhost:PORT` of the emulator. */
  endpoint: z.string(),
  region: z.string(),
  endpointName: z.string(),
  /** Requests a second. */
  perSecond: z.number().gt(0).max(1000),
  /** Held-out rows, sent one a request, over and over. */
  sample: Sample,
});
export type TrafficPlan = z.output<typeof TrafficPlan>;
