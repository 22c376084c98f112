import { BusyLog } from '../../../server/http/busy-log';

test('the first refusal is told of at once, those after it once a second with their number', () => {
  let now = 0;
  const told: object[] = [];
  const busy = new BusyLog(() => now);
  for (now of [10, 10.5, 10.999, 11, 11.1, 13])
    busy.tell({ warn: (facts: object) => told.push({ now, ...facts }) }, '');
  expect(told).toEqual([
    { now: 10, status: 429, refused: 1 },
    { now: 11, status: 429, refused: 3 },
    { now: 13, status: 429, refused: 2 },
  ]);
});
