import { check, exhaustive, monitor } from '../../src/index.js';
import type { Mode } from '../runtime/abstractSystem.js';
import { enumerateWatched, type Met } from './enumerateWatched.js';
import { everything } from './everything.js';

const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
const MODES: readonly Mode[] = ['ordered', 'urgent', 'free'];

/** How counts of a search compare with a naive enumeration, and in how many systems what was met on the way. */
interface Compared {
  readonly wrong: readonly string[];
  readonly systems: number;
  readonly met: ReadonlyMap<Met, number>;
}

/** Compares the counts of generated systems of so many seeds, breadth first and depth first, with 64 and 128 bits. */
export async function compareEverything(
  firstSeed: number,
  seeds: number,
  statesMax: number,
): Promise<Compared> {
  const wrong: string[] = [];
  const met = new Map<Met, number>();
  let systems = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const { system, watching } = everything(seed, MODES[seed % MODES.length] ?? 'free');
    const naive = enumerateWatched(system, watching, statesMax);
    if (!naive) continue;
    systems++;
    for (const what of naive.met) met.set(what, (met.get(what) ?? 0) + 1);
    const expected = `${naive.states} states, ${naive.transitions} steps`;
    for (const [order, fingerprint] of [
      ['bfs', 64],
      ['dfs', 64],
      ['bfs', 128],
    ] as const) {
      const { statistics } = await check(system, {
        builtIn: SILENT,
        properties: [monitor('watching', watching)],
        strategy: exhaustive({ order, fingerprint, reduction: false }),
      });
      const found = `${statistics.states} states, ${statistics.transitions} steps`;
      if (found !== expected)
        wrong.push(`seed ${seed}, ${order}, ${fingerprint} bits: ${found}, not ${expected}`);
    }
  }
  return { wrong, systems, met };
}
