import { Drain } from '../../../server/http/drain';

function draining(seconds = 25) {
  const clock = { now: 100 };
  return { clock, drain: new Drain(seconds, () => clock.now) };
}

describe('a drain', () => {
  test('never ends while nobody asked for it', () => {
    const { clock, drain } = draining();
    clock.now += 1000;
    expect([drain.asked, drain.over]).toEqual([false, false]);
  });

  test('lasts until half a second without a request', () => {
    const { clock, drain } = draining();
    drain.ask();
    clock.now += 0.375;
    drain.begin();
    drain.end();
    clock.now += 0.375;
    expect([drain.asked, drain.over]).toEqual([true, false]);
    clock.now += 0.125;
    expect(drain.over).toBe(true);
  });

  test('waits for a request that is under way, as others may be behind it', () => {
    const { clock, drain } = draining();
    drain.ask();
    drain.begin();
    clock.now += 3;
    expect(drain.over).toBe(false);
    drain.end();
    clock.now += 0.5;
    expect(drain.over).toBe(true);
  });

  test.each([
    [25, 5],
    [10, 5],
    [4, 2],
    [1, 0.5],
  ])('of %d s leaves whoever goes on asking after %d s', (seconds, longest) => {
    const { clock, drain } = draining(seconds);
    drain.ask();
    drain.begin();
    clock.now += longest - 0.0625;
    expect(drain.over).toBe(false);
    clock.now += 0.0625;
    expect(drain.over).toBe(true);
  });

  test('begins once', () => {
    const { clock, drain } = draining();
    drain.ask();
    clock.now += 0.5;
    drain.ask();
    expect(drain.over).toBe(true);
  });
});
