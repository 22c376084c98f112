import { createHash } from 'node:crypto';

/** Numbers of the range [0, 1), the same ones for the same seed. */
export type RandomSource = () => number;

/** @param seed any text; texts that differ give streams that have nothing to do with each other */
export function randomSource(seed: string): RandomSource {
  let drawn = 0;
  return () => createHash('sha256').update(`${seed}/${drawn++}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
