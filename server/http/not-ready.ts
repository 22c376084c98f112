import type { FastifyReply } from 'fastify';

/** What a server says of itself once it was asked to end. */
export function notReady(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send('draining\n');
}
