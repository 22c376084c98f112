import type { ServerResponse } from 'node:http';
import { Patience } from '../../../server/http/patience';

const answer = () => {
  const destroy = jest.fn();
  return { destroy, response: { destroy } as unknown as ServerResponse };
};

describe('patience with clients', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('ends with who has not read for as long, and a look later at the latest', () => {
    const patience = new Patience(2000);
    const [first, later, read] = [answer(), answer(), answer()];
    patience.begin(first.response);
    patience.begin(read.response);
    jest.advanceTimersByTime(1500);
    patience.begin(later.response);
    patience.end(read.response);
    jest.advanceTimersByTime(499);
    expect(first.destroy).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1001);
    expect([first, later, read].map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 0, 0]);
    jest.advanceTimersByTime(10_000);
    expect([first, later, read].map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 1, 0]);
  });

  test('looks no more once all is read, and again with the next answer', () => {
    const patience = new Patience(500);
    const { response, destroy } = answer();
    patience.begin(response);
    patience.end(response);
    jest.advanceTimersByTime(500);
    expect(jest.getTimerCount()).toBe(0);
    patience.begin(response);
    jest.advanceTimersByTime(1000);
    expect(destroy).toHaveBeenCalledTimes(1);
  });
});
