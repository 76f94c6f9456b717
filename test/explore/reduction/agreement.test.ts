import { describe, expect, it } from 'vitest';
import { draws, generate, type Mode } from '../../runtime/abstractSystem.js';
import { translate } from '../../runtime/translation.js';
import { differences, wholeOf } from './agreement.js';
import { actorAtoms } from './atoms.js';
import { compareWatched } from './generated.js';

const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 170);
const WATCHED = 12;
const LIMIT = 400;

describe.each<Mode>(['ordered', 'urgent', 'free'])('a reduced search, timers: %s', (mode) => {
  it('agrees with the whole one', () => {
    const differ: string[] = [];
    let compared = 0;
    let all = 0;
    let kept = 0;
    for (let seed = 1; compared < SYSTEMS; seed++) {
      const rand = draws(seed);
      const system = generate(rand, mode, true);
      const addresses = system.names.flatMap((name) => [name, `${name}/c`, `${name}/c~1`]);
      const whole = wholeOf(translate(system), actorAtoms(addresses), LIMIT);
      if (!whole || whole.states.length < 8) continue;
      compared++;
      for (const order of ['bfs', 'dfs'] as const) {
        const { wrong, states } = differences(whole, order, rand, new Set());
        // A long search does not start over, but goes back to the states that are concerned.
        const late = differences(whole, order, rand, new Set(['starting over']));
        differ.push(...[...wrong, ...late.wrong].map((what) => `seed ${seed}: ${what}`));
        all += whole.states.length;
        kept += states;
      }
    }
    expect(differ).toEqual([]);
    expect(kept / all).toBeLessThan(0.9);
  });

  it('agrees with the whole one where a monitor watches, and properties ask for offers and addresses', async () => {
    const { wrong, violated, share } = await compareWatched(mode, WATCHED, 1);
    expect(wrong).toEqual([]);
    expect(violated).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.95);
  });
});
