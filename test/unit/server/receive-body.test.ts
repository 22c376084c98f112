import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { receiveBody } from '../../../server/http/receive-body';

const roomy = { hold: () => true, leave: () => {} };

test('a body that is refused is not kept, however slowly its client sends the rest', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const stream = new PassThrough();
  const received = receiveBody(stream, 1000, roomy);
  const first = (() => {
    const chunk = Buffer.alloc(900);
    stream.write(chunk);
    return new WeakRef(chunk);
  })();
  stream.write(Buffer.alloc(200));
  await expect(received).rejects.toThrow('must be at most');
  // A WeakRef keeps its target until the turn that made it is over.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(first.deref()).toBeUndefined();
  stream.end();
});

test('many small pieces of a body are made one, as each takes more memory than its bytes', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const stream = new PassThrough();
  const received = receiveBody(stream, 100_000, roomy);
  const pieces = Array.from({ length: 1000 }, (_, index) => String.fromCharCode(97 + (index % 26)));
  const first = (() => {
    const [piece] = pieces.map((letter) => {
      const buffer = Buffer.alloc(1, letter);
      stream.write(buffer);
      return buffer;
    });
    return new WeakRef(piece as Buffer);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(first.deref()).toBeUndefined();
  stream.end();
  expect((await received).toString()).toBe(pieces.join(''));
});

test('a body that comes in pieces is whole', async () => {
  const stream = new PassThrough();
  const received = receiveBody(stream, 1000, roomy);
  stream.write('ab');
  stream.end('c');
  expect((await received).toString()).toBe('abc');
});

test('a body whose client goes away is refused, and one that is whole leaves nobody listening', async () => {
  const gone = new PassThrough();
  const cut = receiveBody(gone, 1000, roomy);
  gone.write('ab');
  gone.destroy();
  await expect(cut).rejects.toThrow('body: ended before it was whole, got a closed connection');
  const whole = new PassThrough();
  const listeners = whole.listenerCount('close');
  const received = receiveBody(whole, 1000, roomy);
  whole.end('abc');
  await received;
  expect(whole.listenerCount('close')).toBe(listeners);
});
