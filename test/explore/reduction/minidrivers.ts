import { check, exhaustive, type System } from '../../../src/index.js';
import { draws } from '../../runtime/abstractSystem.js';
import { differences, violatedIn, wholeOf } from './agreement.js';
import { actorAtoms, extensionAtoms } from './atoms.js';
import { cellsOfMinidriver, smallMinidriverSystem } from './smallMinidriver.js';

const LIMIT = 1000;

/** How a reduced search of small minidrivers compares with the whole one. */
export interface Comparison {
  /** What it got wrong, in words. */
  readonly wrong: readonly string[];
  readonly compared: number;
  /** In how many of the systems a minidriver fails. */
  readonly failing: number;
  /** The share of the states that it kept. */
  readonly share: number;
}

/** Compares so many of them, from a seed on. */
export async function compareMinidrivers(systems: number, firstSeed: number): Promise<Comparison> {
  const wrong: string[] = [];
  let [compared, failing, all, kept] = [0, 0, 0, 0];
  for (let seed = firstSeed; compared < systems; seed++) {
    const rand = draws(seed);
    const system: System = smallMinidriverSystem(rand);
    const atoms = [
      ...extensionAtoms('minidriver', cellsOfMinidriver),
      ...actorAtoms(['hardware', 'classDriver', 'synchronizer', 'minidriver']),
    ];
    const whole = wholeOf(system, atoms, LIMIT);
    if (!whole || whole.states.length < 8) continue;
    compared++;
    const [verdict, reduced] = [await verdictOf(system, false), await verdictOf(system, true)];
    if (verdict !== reduced) wrong.push(`seed ${seed}: ${reduced}, not ${verdict}`);
    const [violated, found] = [violatedIn(system, false), violatedIn(system, true)];
    if (violated !== found) wrong.push(`seed ${seed}: ${found} violated, not ${violated}`);
    if (violated.includes('no failures')) failing++;
    for (const order of ['bfs', 'dfs'] as const) {
      const { wrong: now, states } = differences(whole, order, rand, new Set());
      const late = differences(whole, order, rand, new Set(['starting over']));
      wrong.push(...[...now, ...late.wrong].map((what) => `seed ${seed}: ${what}`));
      all += whole.states.length;
      kept += states;
    }
  }
  return { wrong, compared, failing, share: kept / all };
}

/** Of two that are violated at one depth, either may be found first. */
async function verdictOf(system: System, reduction: boolean): Promise<string> {
  const { verdict, violations } = await check(system, { strategy: exhaustive({ reduction }) });
  return [verdict, ...violations.map(({ steps }) => `after ${steps.length}`)].join(', ');
}
