import { z } from 'zod';

/**
 * A setting that others of its union have and this one can't. Who names it is told why, not that the key is unknown.
 * @param why what the service says, as in "a serverless endpoint has one variant"
 * @param fix what to do instead
 */
export function withheld(why: string, fix: string) {
  return z.custom<undefined>((value) => value === undefined, { error: why, params: { fix } }).optional();
}
