import type { PhaseTitle } from '../../../../local/loop/progress';
import { TimedProgress } from '../../../../local/loop/timed-progress';

describe('the times of phases', () => {
  test('are from when their work begins to its end, in the order of their beginning, also side by side', async () => {
    let second = 100;
    // As a list on the screen does, which may let a phase wait for its turn.
    const inner = {
      phase: async <T>(_: PhaseTitle, work: (say: () => void) => Promise<T>): Promise<T> => {
        second += 1;
        return work(() => undefined);
      },
    };
    const timed = new TimedProgress(inner, () => new Date(second * 1000));
    let end: () => void = () => undefined;
    const python = timed.phase('Set up Python', () => new Promise<void>((resolve) => void (end = resolve)));
    await timed.phase('Deploy the stacks', async () => void (second += 3));
    second += 5;
    end();
    await python;
    expect(timed.times).toEqual({
      startedAt: '1970-01-01T00:01:40.000Z',
      seconds: 10,
      phases: [
        { title: 'Set up Python', from: 1, seconds: 9 },
        { title: 'Deploy the stacks', from: 2, seconds: 3 },
      ],
    });
  });

  test('leave out a phase that failed', async () => {
    const inner = { phase: <T>(_: PhaseTitle, work: (say: () => void) => Promise<T>) => work(() => undefined) };
    const timed = new TimedProgress(inner, () => new Date(0));
    await expect(timed.phase('Upload the data', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(timed.phases).toEqual([]);
  });
});
