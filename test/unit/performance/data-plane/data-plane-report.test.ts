import { added, dataPlaneReport } from '../../../performance/data-plane/data-plane-report';

const compared = {
  direct: [
    { p50: 1, p99: 4 },
    { p50: 2, p99: 5 },
  ],
  routed: [
    { p50: 1.5, p99: 6 },
    { p50: 3.5, p99: 9 },
  ],
};

describe('what the router adds', () => {
  test('is taken round by round', () => {
    expect(added(compared, 'p50')).toEqual([0.5, 1.5]);
    expect(added(compared, 'p99')).toEqual([2, 4]);
  });

  test('needs both of every round', () => {
    expect(() => added({ ...compared, direct: [] }, 'p50')).toThrow('needs a pair a round, got 0 and 2');
  });
});

describe('the report of the data plane', () => {
  test.each([
    [{ wanted: 50, done: 50, answered: 1000, lost: 0 }, 'is met'],
    [{ wanted: 50, done: 50, answered: 1000, lost: 1 }, 'is missed'],
    [{ wanted: 50, done: 49, answered: 1000, lost: 0 }, 'is missed'],
    [{ wanted: 50, done: 50, answered: 0, lost: 0 }, 'is missed'],
  ])('says of %p that the goal %s', (shifts, verdict) => {
    const report = dataPlaneReport({ byConnections: { 1: compared, 32: compared }, shifts });
    expect(report).toContain(`the goal of none lost in 50 shifts ${verdict}`);
    expect(report).toMatch(/32 connections, p99 .* 3\.00 \(2\.00–4\.00\)/);
    expect(report).toContain('1 connection, p50');
  });
});
