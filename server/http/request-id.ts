import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** As far as a client may name its request: it goes into logs. */
const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** What a request is called: by its client, where that gave it a name that can stand in a log. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
