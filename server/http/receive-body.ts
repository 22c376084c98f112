import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { MEGABYTE } from '../settings';
import type { Ticket } from './admission';
import { HttpError } from './http-error';

/** So many pieces are made one: each takes more memory than a byte, and a client may send a body byte by byte. */
const MOST_PIECES = 256;

/**
 * The whole body.
 * @throws HttpError 400 if its client goes away, 413 if it is larger than `largest`, 429 if all bodies together leave no room for it
 */
export function receiveBody(stream: Readable, largest: number, ticket: Pick<Ticket, 'hold'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    /** The first of them, that are made of several. */
    let joined = 0;
    let size = 0;
    const finish = () => {
      // Each stream is closed some time, and an error takes longer to make than a small body to read.
      stream.off('close', cutShort);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
    };
    const cutShort = () =>
      reject(new HttpError(400, 'body', 'ended before it was whole, got a closed connection', 'send it again'));
    const fail = (error: Error) => {
      stream.off('data', take);
      stream.off('end', finish);
      stream.off('close', cutShort);
      // The ticket is given back with the answer, but a slow client's stream lives on.
      chunks.length = 0;
      // What still comes is read and forgotten, or the client never gets to read the answer.
      stream.resume();
      reject(error);
    };
    const keep = (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunks.length - joined < MOST_PIECES) return;
      chunks.push(Buffer.concat(chunks.splice(joined)));
      joined += 1;
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > largest) fail(tooLarge(largest));
      else if (ticket.hold(chunk.length)) keep(chunk);
      else fail(busy('the server holds as many bytes of requests as it may'));
    };
    stream.on('data', take);
    stream.once('end', finish);
    // Node's error of a request is its client's doing, and comes before the close.
    stream.once('error', cutShort);
    stream.once('close', cutShort);
  });
}

const UNPACK = 'send the body as it is; Parquet is compressed within';

/** @throws HttpError 415 or 413 for a body that its headers say can't be taken */
export function refuseHead(headers: IncomingHttpHeaders, largest: number): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new HttpError(415, 'Content-Encoding', `must be identity, got ${encoding.slice(0, 40)}`, UNPACK);
  }
  if (Number(headers['content-length']) > largest) throw tooLarge(largest);
}

function tooLarge(largest: number): HttpError {
  return new HttpError(413, 'body', `must be at most ${largest / MEGABYTE} MB, got more`, 'send fewer rows at a time');
}

/** Seconds after which a client may come again. */
const RETRY_AFTER = '1';

export function busy(problem: string): HttpError {
  return new HttpError(429, 'server', `${problem}, got one more request`, `try again in ${RETRY_AFTER} s`, {
    'retry-after': RETRY_AFTER,
  });
}
