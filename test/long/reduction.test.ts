import { expect, it } from 'vitest';
import { differences, wholeOf } from '../explore/reduction/agreement.js';
import { actorAtoms } from '../explore/reduction/atoms.js';
import { compareWatched } from '../explore/reduction/generated.js';
import { compareThreads } from '../explore/reduction/generatedThreads.js';
import { compareMinidrivers } from '../explore/reduction/minidrivers.js';
import { draws, generate, type Mode } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';

/** Other ones than those of the short suite. */
const FIRST_SEED = Number(process.env['INTERLACE_SEED'] ?? 100_000);
const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 400);

it.each<Mode>(['ordered', 'urgent', 'free'])(
  'a reduced search agrees with the whole one, timers: %s',
  (mode) => {
    const differ: string[] = [];
    for (let seed = FIRST_SEED, compared = 0; compared < SYSTEMS; seed++) {
      const rand = draws(seed);
      const system = generate(rand, mode, true);
      const addresses = system.names.flatMap((name) => [name, `${name}/c`, `${name}/c~1`]);
      const whole = wholeOf(translate(system), actorAtoms(addresses), 400);
      if (!whole || whole.states.length < 8) continue;
      compared++;
      for (const order of ['bfs', 'dfs'] as const)
        for (const omissions of [[], ['starting over']] as const)
          differ.push(
            ...differences(whole, order, rand, new Set(omissions)).wrong.map(
              (what) => `seed ${seed}: ${what}`,
            ),
          );
    }
    expect(differ).toEqual([]);
  },
);

it.each<Mode>(['ordered', 'urgent', 'free'])(
  'a reduced search agrees with the whole one where a monitor watches, timers: %s',
  async (mode) => {
    const { wrong, violated } = await compareWatched(mode, SYSTEMS, FIRST_SEED);
    expect(wrong).toEqual([]);
    expect(violated).toBeGreaterThan(0);
  },
);

it('a reduced search of threads agrees with the whole one, and finds the same data races', () => {
  const { racy, clean, scheduled } = compareThreads(10 * SYSTEMS, FIRST_SEED);
  for (const met of [racy, clean, scheduled]) expect(met).toBeGreaterThan(SYSTEMS);
});

it('a reduced search of minidrivers agrees with the whole one', async () => {
  const { wrong, compared } = await compareMinidrivers(SYSTEMS / 4, FIRST_SEED);
  expect(wrong).toEqual([]);
  expect(compared).toBe(SYSTEMS / 4);
});
