import { ExecutionTime } from '../../../../../local/sagemaker/endpoint/execution-time';

describe('the time of a deployment', () => {
  const clock = { at: 0, now: () => clock.at, wait: () => Promise.resolve() };
  beforeEach(() => {
    clock.at = 5_000;
  });

  test('counts as it is, until it is counted faster', () => {
    const time = new ExecutionTime(600, 100, clock);
    clock.at += 10_000;
    expect(time.spentSeconds).toBe(110);
    expect(time.leftMs).toBe(490_000);
    time.countAt(60);
    expect(time.spentSeconds).toBe(110);
    clock.at += 2_000;
    expect(time.spentSeconds).toBe(230);
    // Six more seconds of the machine, and a little.
    expect(time.leftMs).toBeCloseTo(370_000 / 60);
    time.countAt(1);
    clock.at += 370_000;
    expect(time.leftMs).toBe(0);
  });
});
