/**
 * A server that sends every body back.
 *
 *   tsx echo.ts PORT
 */
import fastify from 'fastify';

const app = fastify({ bodyLimit: 6 * 1024 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
app.get('/ping', (_, reply) => reply.send());
app.post('/invocations', (request, reply) => reply.header('content-type', 'application/json').send(request.body));
void app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
