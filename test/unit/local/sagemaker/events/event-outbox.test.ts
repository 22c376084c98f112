import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  jest.useRealTimers();
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
    mkdirSync(directory);
    writeFileSync(join(directory, '0.json'), '{');
    const box = outbox(deliver);
    box.start();
    await box.publish(event('a'));
    await eventually(() => delivered.length === 1);
    expect(messages).toEqual([expect.stringContaining("0.json can't be delivered at all")]);
  });

  test('passes over what was never said to be published', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, '0.json'), '');
    outbox(deliver).start();
    await eventually(() => readdirSync(directory).length === 0);
    expect([delivered, messages]).toEqual([[], []]);
  });

  test('delivers the first at once, and those that follow within a tenth of a second together', async () => {
    jest.useFakeTimers();
    const sizes: number[] = [];
    const box = outbox((outgoing, stop) => {
      sizes.push(outgoing.length);
      return deliver(outgoing, stop);
    });
    await box.publish(event('a'));
    expect(sizes).toEqual([1]);
    for (const name of ['b', 'c', 'd']) {
      await jest.advanceTimersByTimeAsync(20);
      await box.publish(event(name));
    }
    await jest.advanceTimersByTimeAsync(39);
    expect(sizes).toEqual([1]);
    await jest.advanceTimersByTimeAsync(1);
    expect([delivered, sizes]).toEqual([
      ['a', 'b', 'c', 'd'],
      [1, 3],
    ]);
  });

  test('delivers nothing twice because its file can not be removed', async () => {
    const box = outbox((outgoing, stop) => {
      for (const name of delivered.length === 0 ? readdirSync(directory) : []) {
        rmSync(join(directory, name));
        mkdirSync(join(directory, name));
      }
      return deliver(outgoing, stop);
    });
    await box.publish(event('a'));
    await eventually(() => delivered.length === 1);
    await box.publish(event('b'));
    await eventually(() => delivered.length > 1);
    expect(delivered).toEqual(['a', 'b']);
    expect(messages).toEqual([expect.stringContaining("can't be put away")]);
  });

  test('keeps what an emulator that is down cannot take on disk, not in memory', async () => {
    let open = false;
    const box = outbox((outgoing, stop) => (open ? deliver(outgoing, stop) : down(outgoing, stop)));
    const names = Array.from({ length: 1100 }, (_, index) => `event-${index}`);
    for (const name of names) await box.publish(event(name));
    const last = readdirSync(directory).sort().at(-1) ?? '';
    writeFileSync(join(directory, last), JSON.stringify(event('from the disk')));
    open = true;
    await eventually(() => delivered.length === names.length);
    expect(delivered).toEqual([...names.slice(0, -1), 'from the disk']);
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
