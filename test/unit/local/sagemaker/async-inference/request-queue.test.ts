import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { QueuedRequest } from '../../../../../local/sagemaker/async-inference/queued-request';
import { RequestQueue } from '../../../../../local/sagemaker/async-inference/request-queue';

let directory: string;
const messages: string[] = [];
beforeEach(() => {
  messages.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'mlops-queue-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => new RequestQueue(directory, (message) => messages.push(message));
const request = (id: string) => ({ id, inputLocation: 's3://bucket/in' }) as QueuedRequest;
const ids = (queue: RequestQueue) => queue.pending.map(({ id }) => id);

describe('the queue', () => {
  test('keeps what was not removed, in order, whenever the program ends', () => {
    const command = fc.constantFrom('add', 'take', 'give back', 'remove', 'restart');
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        rmSync(directory, { recursive: true, force: true });
        let queue = open();
        let next = 0;
        let waiting: string[] = [];
        let taken: string[] = [];
        for (const what of commands) {
          const [first] = taken;
          if (what === 'add') {
            queue.add(request(`r${next}`));
            waiting.push(`r${next++}`);
          } else if (what === 'take') {
            const one = queue.take();
            waiting = waiting.slice(1);
            if (one) taken.push(one.id);
          } else if (what === 'give back' && first !== undefined) {
            queue.giveBack(request(first));
            waiting = [first, ...waiting];
            taken = taken.slice(1);
          } else if (what === 'remove' && first !== undefined) {
            queue.remove(request(first));
            taken = taken.slice(1);
          } else if (what === 'restart') {
            queue = open();
            // Those that were being answered are answered again, and all stand as they came.
            waiting = [...taken, ...waiting].sort((one, two) => Number(one.slice(1)) - Number(two.slice(1)));
            taken = [];
          }
          expect(ids(queue)).toEqual(waiting);
          expect(queue.size).toBe(waiting.length + taken.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('puts what comes in the millisecond of an earlier program behind what that one left', () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    const before = open();
    before.add(request('z'));
    before.add(request('y'));
    const after = open();
    after.add(request('a'));
    clock.mockRestore();
    expect(ids(open())).toEqual(['z', 'y', 'a']);
  });

  test('puts files that hold no request aside, and goes on', () => {
    open().add(request('good'));
    writeFileSync(join(directory, '0-cut-off.json'), '{"id": "x", "inp');
    writeFileSync(join(directory, '1-other.json'), 'null');
    writeFileSync(join(directory, '2-half.json.draft'), '{');
    const queue = open();
    expect(ids(queue)).toEqual(['good']);
    expect(messages).toHaveLength(2);
    expect(readdirSync(directory).filter((name) => name.endsWith('.unreadable'))).toHaveLength(2);
  });

  test('forgets all it has, and what comes back later', () => {
    const queue = open();
    queue.add(request('one'));
    const one = queue.take() as QueuedRequest;
    queue.clear();
    queue.giveBack(one);
    queue.remove(one);
    expect([queue.size, ids(queue), ids(open())]).toEqual([0, [], []]);
  });
});
