import { array, assert, double, integer, property } from 'fast-check';
import { Pace } from '../../../../local/traffic/pace';

describe('the pace of requests', () => {
  test('begins at once and goes on evenly', () => {
    const pace = new Pace(10);
    expect([0, 99, 100, 199, 300].map((now) => pace.due(now))).toEqual([1, 0, 1, 0, 2]);
    expect(pace.wait(300)).toBe(100);
    expect(pace.wait(390)).toBe(10);
    expect(pace.wait(1000)).toBe(0);
  });

  test('waits longer than a second where less than one a second is asked for', () => {
    const pace = new Pace(0.5);
    expect([0, 1999, 2000].map((now) => pace.due(now))).toEqual([1, 0, 1]);
    expect(pace.wait(2000)).toBe(2000);
  });

  test('sends at most a second of what it could not send in time, and counts the rest', () => {
    const pace = new Pace(10);
    pace.due(0);
    expect(pace.due(5000)).toBe(10);
    expect(pace.missed).toBe(40);
    expect(pace.due(5100)).toBe(1);
  });

  test('sends or counts every request that was due, however it is asked', () => {
    assert(
      property(
        double({ min: 0.1, max: 500, noNaN: true }),
        array(integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 50 }),
        (perSecond, steps) => {
          const pace = new Pace(perSecond);
          let now = 0;
          let sent = pace.due(now);
          for (const step of steps) {
            now += step;
            const due = pace.due(now);
            expect(due).toBeLessThanOrEqual(Math.max(1, Math.ceil(perSecond)));
            sent += due;
          }
          expect(sent + pace.missed).toBe(Math.floor((now * perSecond) / 1000) + 1);
          expect(pace.wait(now)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
