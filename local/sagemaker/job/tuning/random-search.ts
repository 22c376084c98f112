import { type RandomSource, randomSource } from './random-source';
import type { Range } from './range';
import { hyperParametersAt, type Observation, type Point, type Strategy } from './strategy';

/** How often a combination that was already tried is drawn again before it is taken all the same. */
const REDRAWS = 100;

/** Independent draws, each combination once as long as that can be helped. */
export function randomSearch(ranges: readonly Range[], seed: number): Strategy {
  return {
    size: Number.POSITIVE_INFINITY,
    learns: false,
    propose: (index, history) => drawUntried(ranges, history, randomSource(`${seed}:${index}`)),
  };
}

export function drawUntried(ranges: readonly Range[], history: readonly Observation[], random: RandomSource): Point {
  const tried = new Set(history.map(({ point }) => key(ranges, point)));
  for (let attempt = 0; ; attempt++) {
    const point = ranges.map((range) =>
      range.kind === 'numeric' ? random() : Math.floor(random() * range.values.length),
    );
    if (attempt === REDRAWS || !tried.has(key(ranges, point))) return point;
  }
}

export function key(ranges: readonly Range[], point: Point): string {
  return JSON.stringify(hyperParametersAt(ranges, point));
}
