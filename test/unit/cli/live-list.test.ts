import { stripVTControlCharacters } from 'node:util';
import { LiveList } from '../../../cli/live-list';
import { PHASES } from '../../../local/loop/progress';

describe('LiveList', () => {
  test('runs each phase when its turn comes and hands on its result', async () => {
    const list = new LiveList(['Set up Python', 'Upload the data'], 'silent');
    const order: string[] = [];
    const second = list.phase('Upload the data', async () => void order.push('second'));
    const first = list.phase(
      'Set up Python',
      async (say) => {
        say('working');
        order.push('first');
        return 41;
      },
      (value) => `${value} packages`,
    );
    await expect(first).resolves.toBe(41);
    await second;
    await list.close();
    expect(order).toEqual(['first', 'second']);
  });

  test('hands on the error of a phase as it was', async () => {
    const list = new LiveList(['Set up Python', 'Upload the data'], 'silent');
    const error = new Error('no Python');
    await expect(list.phase('Set up Python', () => Promise.reject(error))).rejects.toBe(error);
    await list.close();
  });

  test.each([
    ['before the first phase', 0],
    ['between two phases', 1],
    ['after the last', 2],
  ])('is drawn no more once the work has failed %s', async (_, phases) => {
    const titles = ['Upload the data', 'Run the pipeline'] as const;
    const list = new LiveList(titles, 'silent');
    const error = new Error('no space left on device');
    const work = async () => {
      for (const title of titles.slice(0, phases)) await list.phase(title, async () => undefined);
      throw error;
    };
    await expect(list.show(work)).rejects.toBe(error);
    await expect(list.close()).resolves.toBeUndefined();
  });

  test('hands on what the work gives once all is drawn', async () => {
    const list = new LiveList(['Upload the data'], 'silent');
    expect(await list.show(() => list.phase('Upload the data', async () => 3))).toBe(3);
  });

  test('names the phase that failed in a line of its own where lines are not redrawn', async () => {
    const lines: string[] = [];
    const write = (text: unknown) => {
      lines.push(...stripVTControlCharacters(String(text)).split('\n').filter(Boolean));
      return true;
    };
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation(write),
    );
    try {
      const list = new LiveList(PHASES.slice(0, 4), 'simple');
      const failed = list.phase('Deploy the stacks', () => Promise.reject(new Error('no such bucket')));
      await expect(failed).rejects.toThrow('no such bucket');
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(lines.filter((line) => !line.startsWith('❯'))).toEqual(['✖ Deploy the stacks']);
  });

  test('lets the phases that run side by side begin at once, and the next when all of them have ended', async () => {
    const list = new LiveList(PHASES.slice(0, 4), 'silent');
    const order: string[] = [];
    const note = (word: string) => async () => void order.push(word);
    let end: () => void = () => undefined;
    const python = list.phase('Set up Python', () => new Promise<void>((resolve) => void (end = resolve)));
    const upload = list.phase('Upload the data', note('upload'));
    await list.phase('Deploy the stacks', note('deploy'));
    await list.phase('Start the local AWS', note('aws'));
    expect(order).toEqual(['deploy', 'aws']);
    end();
    await Promise.all([python, upload]);
    await list.close();
    expect(order).toEqual(['deploy', 'aws', 'upload']);
  });
});
