import type { JobRecord } from '../../../../../local/sagemaker/job/jobs';
import { RunningRecord } from '../../../../../local/sagemaker/job/running-record';

const T0 = '2026-01-01T00:00:00.000Z';
const FIRST: JobRecord = { CreationTime: T0, LastModifiedTime: T0, Status: 'InProgress' };

let written: JobRecord[];
let messages: string[];
let isFull: boolean;
let record: RunningRecord;

beforeEach(() => {
  jest.useFakeTimers({ now: new Date(T0) });
  [written, messages, isFull] = [[], [], false];
  const context = { now: () => new Date(), log: (message: string) => messages.push(message) };
  const put = (_: string, value: JobRecord) => {
    if (isFull) throw new Error('no space left');
    written.push(value);
  };
  record = new RunningRecord(context, { put }, 'job', FIRST);
});
afterEach(() => jest.useRealTimers());

describe('the record of a job that runs', () => {
  test('is on disk from the start, and after each change that a successor asks about', () => {
    expect(written).toEqual([FIRST]);
    jest.advanceTimersByTime(1000);
    const changed = record.change({ Status: 'Stopping' });
    expect(changed).toEqual({ ...FIRST, Status: 'Stopping', LastModifiedTime: '2026-01-01T00:00:01.000Z' });
    expect(written).toEqual([FIRST, changed]);
  });

  test('shows any other change at once, and writes those of a tenth of a second together', () => {
    record.changeSoon({ A: 1 });
    expect(record.current).toMatchObject({ A: 1 });
    jest.advanceTimersByTime(99);
    record.changeSoon({ B: 2 });
    expect(written).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(written.slice(1)).toEqual([record.current]);
    expect(record.current).toMatchObject({ A: 1, B: 2 });
  });

  test('writes it with the next one that has to be on disk, and not again', () => {
    record.changeSoon({ A: 1 });
    record.change({ Status: 'Completed' });
    record.settle();
    jest.advanceTimersByTime(1000);
    expect(written.slice(1)).toEqual([expect.objectContaining({ A: 1, Status: 'Completed' })]);
  });

  test('has all of it on disk when it is settled', () => {
    record.changeSoon({ A: 1 });
    record.settle();
    expect(written.at(-1)).toMatchObject({ A: 1 });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is as it is on a full disk too, tells of that in the log, and is written once there is space', () => {
    isFull = true;
    record.changeSoon({ A: 1 });
    jest.advanceTimersByTime(100);
    expect(messages).toEqual(['job: no space left']);
    expect(record.change({ Status: 'Completed' })).toMatchObject({ A: 1, Status: 'Completed' });
    expect([record.settle(), record.current.Status, written]).toEqual([false, 'Completed', [FIRST]]);
    isFull = false;
    expect([record.settle(), written.at(-1)]).toEqual([true, record.current]);
  });
});
