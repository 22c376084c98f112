import { isAscii, isUtf8 } from 'node:buffer';
import { bodyFault } from './body-fault';

/** @throws InvalidInputError if it isn't UTF-8. A byte order mark is left out. */
export function decodeText(body: Buffer): string {
  // In a fraction of the time.
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) throw bodyFault('must be UTF-8, got other bytes', 'encode it');
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
