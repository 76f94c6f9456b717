import { check, exhaustive, type Property, type System } from '../../../src/index.js';
import { draws, generate, type Mode } from '../../runtime/abstractSystem.js';
import { translate } from '../../runtime/translation.js';
import { differences, wholeOf } from './agreement.js';
import { actorAtoms, openAtoms } from './atoms.js';
import { someMonitor } from './someMonitor.js';

const LIMIT = 400;
const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
/** What may follow an address and a full stop in the type of a step. */
const TEXTS = ['e0', 'e1', 'e2', 'xstate.init', 'xstate.*', 'xstate.done.actor.c', 'xstate.error.actor.c'];

/** How reduced searches of generated systems compare with whole ones. */
interface Comparison {
  /** What they got wrong, in words. */
  readonly wrong: readonly string[];
  /** In how many of the systems a monitor is violated. */
  readonly violated: number;
  /** The share of the states that they kept. */
  readonly share: number;
}

/** Compares so many systems with monitors, and questions about offers and addresses, from a seed on. */
export async function compareWatched(mode: Mode, systems: number, firstSeed: number): Promise<Comparison> {
  const wrong: string[] = [];
  let [violated, all, kept] = [0, 0, 0];
  for (let seed = firstSeed, compared = 0; compared < systems; seed++) {
    const rand = draws(seed);
    const int = (n: number): number => Math.floor(rand() * n);
    const abstract = generate(rand, mode, true);
    const addresses = abstract.names.flatMap((name) => [name, `${name}/c`, `${name}/c~1`]);
    const monitors = int(4) === 0 ? [] : [someMonitor(addresses, TEXTS, int)];
    // Whoever asks for offers switches the reduction off.
    const isAskedForOffers = int(3) === 0;
    const open = openAtoms(addresses).filter(({ name }) => isAskedForOffers || !name.startsWith('offers'));
    const system = translate(abstract);
    const whole = wholeOf(system, [...actorAtoms(addresses), ...open], LIMIT, monitors);
    if (!whole || whole.states.length < 8) continue;
    compared++;
    const isViolated = whole.found.length > 0;
    if (isViolated) violated++;
    for (const order of ['bfs', 'dfs'] as const) {
      const { wrong: now, states } = differences(whole, order, rand, new Set());
      const late = differences(whole, order, rand, new Set(['starting over']));
      const verdict = await verdictOf(system, monitors, order);
      if (verdict !== (isViolated ? 'violated' : 'holds')) wrong.push(`seed ${seed}: ${verdict} (${order})`);
      wrong.push(...[...now, ...late.wrong].map((what) => `seed ${seed}: ${what}`));
      all += whole.states.length;
      kept += states;
    }
  }
  return { wrong, violated, share: kept / all };
}

async function verdictOf(
  system: System,
  monitors: readonly Property[],
  order: 'bfs' | 'dfs',
): Promise<string> {
  const strategy = exhaustive({ order, reduction: true });
  return (await check(system, { properties: monitors, builtIn: SILENT, strategy })).verdict;
}
