import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventOutbox } from '../../../../../local/sagemaker/events/event-outbox';
import type { EventTransport, OutgoingEvent } from '../../../../../local/sagemaker/events/event-transport';
import { eventually } from '../eventually';

let directory: string;
let delivered: string[];
let messages: string[];
const boxes: EventOutbox[] = [];

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'outbox-')), 'outbox');
  delivered = [];
  messages = [];
});
afterEach(async () => {
  await Promise.all(boxes.splice(0).map((box) => box.close()));
  rmSync(join(directory, '..'), { recursive: true, force: true });
});

function outbox(transport: EventTransport): EventOutbox {
  const box = new EventOutbox({ directory, transport, log: (message) => messages.push(message), retryMs: 1 });
  boxes.push(box);
  return box;
}

function event(name: string): OutgoingEvent {
  return { 'detail-type': 'Test', resources: [name], detail: {} };
}

const deliver: EventTransport = (events) => {
  delivered.push(...events.map(({ resources: [name = ''] }) => name));
  return Promise.resolve('delivered');
};
const down: EventTransport = () => Promise.resolve({ reason: 'nobody there' });

describe('the outbox of events', () => {
  test('delivers in the order of publication, even if some need several attempts', async () => {
    let attempts = 0;
    const box = outbox((outgoing, stop) => (++attempts % 3 === 0 ? deliver(outgoing, stop) : down(outgoing, stop)));
    const names = Array.from({ length: 20 }, (_, index) => `event-${index}`);
    await Promise.all(names.map((name) => box.publish(event(name))));
    await eventually(() => delivered.length === names.length);
    expect(delivered).toEqual(names);
    await eventually(() => readdirSync(directory).length === 0);
  });

  test('hands what it could not deliver to its successor', async () => {
    const first = outbox(down);
    await first.publish(event('a'));
    await first.publish(event('b'));
    await first.close();
    outbox(deliver).start();
    await eventually(() => delivered.length === 2);
    expect(delivered).toEqual(['a', 'b']);
  });

  test('says once, not at every attempt, that an event has to wait', async () => {
    let attempts = 0;
    const box = outbox((outgoing, stop) => (++attempts > 5 ? deliver(outgoing, stop) : down(outgoing, stop)));
    await box.publish(event('a'));
    await eventually(() => delivered.length === 1);
    expect(messages).toEqual([expect.stringContaining("can't be delivered yet: nobody there")]);
  });

  test('sets aside what is refused, so that it does not hold up the others', async () => {
    const box = outbox((outgoing, stop) =>
      outgoing.some(({ resources: [name] }) => name === 'bad') ? Promise.resolve('refused') : deliver(outgoing, stop),
    );
    const names = Array.from({ length: 20 }, (_, index) => (index === 7 ? 'bad' : `good-${index}`));
    await Promise.all(names.map((name) => box.publish(event(name))));
    await eventually(() => delivered.length === 19);
    expect(delivered).toEqual(names.filter((name) => name !== 'bad'));
    await eventually(() => readdirSync(directory).length === 1);
    expect(readdirSync(directory)).toEqual([expect.stringMatching(/\.refused$/)]);
  });

  test('delivers what has gathered at once, but not too much of it', async () => {
    const sizes: number[] = [];
    let open = false;
    const box = outbox((outgoing, stop) => {
      if (!open) return down(outgoing, stop);
      sizes.push(outgoing.length);
      return deliver(outgoing, stop);
    });
    const names = Array.from({ length: 100 }, (_, index) => `event-${index}`);
    await Promise.all(names.map((name) => box.publish(event(name))));
    open = true;
    await eventually(() => delivered.length === names.length);
    expect(delivered).toEqual(names);
    expect(sizes).toEqual([64, 36]);
  });

  test('gets over a file that is not an event', async () => {
    const box = outbox(deliver);
    box.start();
    writeFileSync(join(directory, '0.json'), '{');
    await box.publish(event('a'));
    await eventually(() => delivered.length === 1);
    expect(messages).toEqual([expect.stringContaining("0.json can't be delivered at all")]);
  });

  test('does not wait for an emulator that hangs when it is closed', async () => {
    let stopped = false;
    const box = outbox(
      (_, stop) =>
        new Promise((resolve) => {
          stop.addEventListener('abort', () => {
            stopped = true;
            resolve({ reason: 'aborted' });
          });
        }),
    );
    await box.publish(event('a'));
    await box.close();
    expect(stopped).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
  });
});
