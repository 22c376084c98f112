import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { waitUntil } from '../../../local/loop/wait-until';
import { type StartOptions, startApp } from './start-server';

const BODY = '{"instances":[{"carrier":"AA","hour":23}]}';
const HEAD = `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n`;

let started: ReturnType<typeof startApp>;
let port: number;
const sockets: Socket[] = [];

async function listen(options?: StartOptions): Promise<void> {
  started = startApp(options);
  await started.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = started.app.server.address() as AddressInfo);
}
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await started.app.close();
});

function open(): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  return socket;
}

const pending = (count: number) =>
  waitUntil(
    async () => started.admission.pending === count || undefined,
    () => `${count} requests must be under way, got ${started.admission.pending}`,
    { timeoutSeconds: 10, everyMs: 5 },
  );

test.each(['a reset', 'its end'])('a client that leaves in the middle of its body by %s is no failure', async (how) => {
  await listen();
  const socket = open();
  socket.write(HEAD + BODY.slice(0, 10));
  await pending(1);
  if (how === 'a reset') socket.resetAndDestroy();
  else socket.end();
  await pending(0);
  const other = open();
  other.end(HEAD + BODY);
  other.resume();
  await once(other, 'close');
  expect(started.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('requests that wait behind another on their connection are forgotten with it', async () => {
  await listen();
  let release = () => {};
  started.model.held = new Promise((resolve) => (release = resolve));
  const socket = open();
  socket.write((HEAD + BODY).repeat(3));
  await pending(3);
  socket.resetAndDestroy();
  await pending(0);
  expect(started.model.predicted).toBe(0);
  release();
});

test('requests behind one whose answer closes the connection are forgotten', async () => {
  await listen();
  started.drain.ask();
  const socket = open();
  socket.write((HEAD + BODY).repeat(12));
  socket.resume();
  await once(socket, 'close');
  await pending(0);
  expect(started.drain.asked).toBe(true);
});

test('requests on one connection are answered in their order, and none is counted twice', async () => {
  await listen();
  const socket = open();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.end(Array.from({ length: 12 }, (_, hour) => HEAD + BODY.replace('23', String(hour + 10))).join(''));
  await once(socket, 'close');
  const probabilities = [...text.matchAll(/"probability":([\d.]+)/g)].map(([, found]) =>
    Math.round(Number(found) * 23),
  );
  expect(probabilities).toEqual(Array.from({ length: 12 }, (_, hour) => hour + 10));
  expect(started.admission.pending).toBe(0);
});

test('a body that is refused half-way is taken to its end, or its client would be reset before it reads why', async () => {
  await listen({ settings: { largestBody: 100_000 } });
  const socket = open();
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(HEAD.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
  const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  for (let pieces = 0; pieces < 100; pieces += 1) socket.write(piece);
  await waitUntil(
    async () => text.includes('"error"') || undefined,
    () => `it must be refused, got ${text}`,
    { timeoutSeconds: 10, everyMs: 5 },
  );
  await pending(0);
  // The rest of it isn't taken for a request, and the next is answered.
  for (let pieces = 0; pieces < 10; pieces += 1) socket.write(piece);
  socket.end(`0\r\n\r\n${HEAD}${BODY}`);
  await once(socket, 'close');
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
});
