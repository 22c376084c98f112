import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The model server couldn't be reached, or hung up before its answer was complete. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed';
}

/** The model server took longer than it may. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

export interface ForwardProps {
  readonly url: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** False opens a connection of its own. */
  readonly agent: Agent | false;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

/**
 * Posts to a model server.
 * @throws ConnectionFailed
 * @throws TimedOut
 */
export function forward({ url, headers, body, agent, timeoutMs }: ForwardProps): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } });
    const fail = (error: Error) => {
      clearTimeout(timer);
      sent.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const broken = (error: NodeJS.ErrnoException) =>
      fail(new ConnectionFailed(error.code ?? error.message, { cause: error }));
    sent.once('error', broken);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', broken);
      response.once('end', () => {
        clearTimeout(timer);
        resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
  });
}
