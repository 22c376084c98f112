import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What is to be told of answers that wait behind others, by their connection. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Tells once when an answer has been sent or its connection is cut. Of one that waits behind another on its connection
 * (pipelining) Node 20 says nothing then, as it never had the connection.
 */
export function onGone(response: ServerResponse, tell: () => void): void {
  if (response.socket !== null) {
    response.once('close', tell);
    return;
  }
  const others = waitingOn(response.req.socket);
  const gone = () => {
    if (others.delete(gone)) tell();
  };
  others.add(gone);
  response.once('close', gone);
}

/** One listener a connection, however many wait on it. */
function waitingOn(socket: Socket): Set<() => void> {
  const known = waiting.get(socket);
  if (known) return known;
  const all = new Set<() => void>();
  waiting.set(socket, all);
  socket.once('close', () => {
    for (const gone of all) gone();
  });
  return all;
}
