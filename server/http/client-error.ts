import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** What Node says of connections that never become a request, and how they are answered. */
const ANSWERS: Readonly<Record<string, readonly [status: number, error: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request: must arrive in time, got a part of it; send it faster'],
  HPE_HEADER_OVERFLOW: [431, 'headers: must be at most 16 kB, got more; send fewer'],
};
const MALFORMED = [400, 'request: must be HTTP/1.1, got something else; correct it'] as const;

/** Answers what isn't HTTP, or comes too slowly, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || error.code === 'ECONNRESET') return;
  const [status, message] = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ error: message });
  if (socket.writable) {
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json`;
    socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
