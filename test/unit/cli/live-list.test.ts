import { LiveList } from '../../../cli/live-list';

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
});
