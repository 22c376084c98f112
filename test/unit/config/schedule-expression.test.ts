import { assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { scheduleFault } from '../../../config/schedule-expression';

describe('a schedule', () => {
  test.each([
    'cron(0 3 ? * MON *)',
    'cron(0 7 ? * MON-FRI *)',
    'cron(*/15 8-17 ? * 2-6 2026-2030)',
    'cron(0/5 0 1,15 JAN,jul ? *)',
    'cron(0 12 L * ? *)',
    'cron(0 12 15W * ? *)',
    'cron(0 12 ? * 6L *)',
    'cron(0 12 ? * 2#1 *)',
    'cron(59 23 31 12 ? 2199)',
    'rate(1 minute)',
    'rate(12 hours)',
    'at(2026-02-28T23:59:59)',
    'at(2028-02-29T00:00:00)',
  ])('may read %s', (expression) => {
    expect(scheduleFault(expression)).toBeUndefined();
  });

  test.each([
    ['', 'is no schedule, got '],
    ['every day', 'is no schedule, got every day'],
    ['cron(0 3 ? * MON *) ', 'is no schedule'],
    ['cron(0 3 * * *)', 'a cron expression has six fields, got 5'],
    ['cron(60 3 ? * MON *)', 'the minutes must be 0 to 59, got 60'],
    ['cron(0 24 ? * MON *)', 'the hours must be 0 to 23, got 24'],
    ['cron(0 3 0 * ? *)', 'the day of the month must be 1 to 31, got 0'],
    ['cron(0 3 32 * ? *)', 'the day of the month must be 1 to 31, got 32'],
    ['cron(0 3 ? 13 MON *)', 'the month must be 1 to 12, got 13'],
    ['cron(0 3 ? * 8 *)', 'the day of the week must be 1 to 7, got 8'],
    ['cron(0 3 ? * MON-FRI-SUN *)', 'the day of the week must be 1 to 7'],
    ['cron(0 3 ? * MON 1969)', 'the year must be 1970 to 2199, got 1969'],
    ['cron(0/0 3 ? * MON *)', 'the minutes must be'],
    ['cron(? 3 ? * MON *)', 'the minutes must be'],
    ['cron(0 3 ?,1 * MON *)', 'the day of the month must be'],
    ['cron(0 3 * * * *)', 'exactly one of the day of the month and the day of the week must be ?'],
    ['cron(0 3 ? * ? *)', 'exactly one of the day of the month and the day of the week must be ?'],
    ['rate(0 minutes)', 'a rate is a whole number above 0 and a unit'],
    ['rate(-1 hours)', 'a rate is a whole number above 0 and a unit'],
    ['rate(5 weeks)', 'a rate is a whole number above 0 and a unit'],
    ['rate(1 hours)', 'the unit agrees with its number'],
    ['rate(2 hour)', 'the unit agrees with its number'],
    ['at(2026-02-30T00:00:00)', 'is no time, got at(2026-02-30T00:00:00)'],
    ['at(2026-02-28T24:00:00)', 'is no time'],
    ['at(2026-02-28T00:00:00Z)', 'is no time'],
    ['at(tomorrow)', 'is no time'],
  ])('must not read %p', (expression, problem) => {
    expect(scheduleFault(expression)?.problem).toContain(problem);
  });

  test('holds every minute, hour and day, alone, in a list, in a range and as a step', () => {
    const field = (min: number, max: number) =>
      tuple(integer({ min, max }), integer({ min, max }), integer({ min: 1, max: 9 })).chain(([a, b, n]) =>
        constantFrom(`${a}`, `${a},${b}`, `${Math.min(a, b)}-${Math.max(a, b)}`, `${a}/${n}`, '*', `*/${n}`),
      );
    assert(
      property(field(0, 59), field(0, 23), field(1, 31), field(1, 12), (minutes, hours, day, month) => {
        expect(scheduleFault(`cron(${minutes} ${hours} ${day} ${month} ? *)`)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('is judged without a crash, whatever it is', () => {
    assert(
      property(string(), (text) => {
        expect(() => scheduleFault(`cron(${text})`)).not.toThrow();
      }),
    );
  });
});
