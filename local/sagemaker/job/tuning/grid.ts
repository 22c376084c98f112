import type { Range } from './range';
import type { Point, Strategy } from './strategy';

/** Every combination of the categorical values, the last range turning fastest. */
export function grid(ranges: readonly Range[]): Strategy {
  const sizes = ranges.map((range) => (range.kind === 'categorical' ? range.values.length : 1));
  return {
    size: sizes.reduce((product, size) => product * size, 1),
    learns: false,
    propose(index): Point {
      const point: number[] = [];
      let rest = index;
      for (const size of sizes.toReversed()) {
        point.unshift(rest % size);
        rest = Math.floor(rest / size);
      }
      return point;
    },
  };
}
