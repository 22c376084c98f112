import { suiteReport } from '../../../performance/suite/suite-report';
import { wallSeconds } from '../../../tiers';

const tier = (name: string, began: number, seconds: number, failed = 0) => ({
  tier: name,
  passed: 1000,
  failed,
  skipped: 0,
  began,
  seconds,
});

describe('the report of the suite', () => {
  test('has a row a tier and the time of all, and names the slowest', () => {
    const report = suiteReport({
      rounds: [
        [tier('types', 0, 10), tier('unit', 10, 30)],
        [tier('types', 0, 20), tier('unit', 20, 50)],
      ],
    });
    expect(report).toMatch(/\| types +\| +1,000 \| +15\.0 \(10\.0–20\.0\) \|/);
    expect(report).toMatch(/\| all +\| +\| +55\.0 \(40\.0–70\.0\) \|/);
    expect(report).toContain('The slowest tier, unit, takes 72.7 %');
  });

  test('counts the time of tiers once where they overlap', () => {
    const report = suiteReport({ rounds: [[tier('types', 0, 10), tier('local', 0, 40), tier('unit', 40, 20)]] });
    expect(report).toMatch(/\| all +\| +\| +60\.0 \|/);
    expect(report).toContain('add up to 70.0 s');
  });

  test('says which tier failed, in whichever round', () => {
    expect(suiteReport({ rounds: [[tier('types', 0, 1)], [tier('types', 0, 1, 2)]] })).toContain('1000, failed: 2');
  });
});

test.each([
  ['none', [], 0],
  ['one within another', [tier('a', 0, 10), tier('b', 2, 3)], 10],
  ['some that overlap, in any order', [tier('b', 5, 10), tier('a', 0, 10)], 15],
  ['a gap, where what ran then is not asked about', [tier('a', 0, 10), tier('b', 30, 5)], 15],
])('the wall time of %s', (_, records, seconds) => {
  expect(wallSeconds(records)).toBe(seconds);
});
