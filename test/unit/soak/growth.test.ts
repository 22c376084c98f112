import { growth } from '../../soak/growth';

test('growth is of the line that fits, whatever it scatters', () => {
  expect(growth([100, 100, 100])).toBe(0);
  expect(growth([90, 100, 110])).toBeCloseTo(0.2, 12);
  expect(growth([110, 100, 90])).toBeCloseTo(-0.2, 12);
  expect(growth([100, 120, 80, 100])).toBeCloseTo(-0.12, 12);
});
