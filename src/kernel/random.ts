import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of pseudo-random numbers: the only source of randomness in a world. */
export interface Random {
  /** A uniform integer in `[0, below)`; `below` ≥ 1. Same seed, same sequence, on every machine. */
  nextInt(below: number): number;
}

/**
 * Makes the generator that a seed stands for (xoroshiro128+, the family that fast-check uses).
 *
 * @param seed any 32-bit integer
 */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return { nextInt: (below) => uniformInt(generator, 0, below - 1) };
}
