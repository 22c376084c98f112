import { createServer, type RequestListener, type Server } from 'node:http';
import type { Settings } from '../settings';

/** Longer than the load balancers' minute, and than they wait for the longest request: who closes first loses requests. */
const KEEP_ALIVE_SECONDS = 75;
const LONGER_SECONDS = 15;
const LONGEST_HEADERS_SECONDS = 30;

/** Node's server with our limits of time. */
export function httpServer({ requestSeconds }: Pick<Settings, 'requestSeconds'>, listener: RequestListener): Server {
  const server = createServer(
    {
      requestTimeout: requestSeconds * 1000,
      headersTimeout: Math.min(requestSeconds, LONGEST_HEADERS_SECONDS) * 1000,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: Math.max(KEEP_ALIVE_SECONDS, requestSeconds + LONGER_SECONDS) * 1000,
    },
    listener,
  );
  // A client may say that it has sent all and still wait for the answer: by default Node hangs up on it.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  return server;
}
