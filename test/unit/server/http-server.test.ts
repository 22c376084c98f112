import { httpServer } from '../../../server/http/http-server';

test.each([
  [1, 75],
  [60, 75],
  [61, 76],
  [300, 315],
])(
  'of requests of up to %d seconds an idle connection is kept longer than a balancer keeps it: %d',
  (longest, kept) => {
    expect(httpServer({ requestSeconds: longest }, () => {}).keepAliveTimeout).toBe(kept * 1000);
  },
);
