import { describe, expect, it } from 'vitest';
import { World } from '../../src/runtime/world.js';
import { abstractStates, worldSummary } from './abstractStates.js';
import { draws, generate, type Mode } from './abstractSystem.js';
import { translate } from './translation.js';

const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 400);
const LIMIT = 250;

function worldStates(world: World, limit: number): string[] {
  const known = new Set([world.initial.fingerprint.join()]);
  const queue = [world.initial];
  for (const state of queue) {
    for (const choice of world.enabled(state).choices) {
      const next = world.step(state, choice);
      const key = next.fingerprint.join();
      if (known.has(key) || known.size > limit) continue;
      known.add(key);
      queue.push(next);
    }
  }
  return queue.map((state) => worldSummary(world.view(state))).sort();
}

describe.each<Mode>(['ordered', 'urgent', 'free'])('timers: %s', (mode) => {
  it('has exactly the states that an interpreter of the semantics without XState finds, for random machines', () => {
    const differ: string[] = [];
    let compared = 0;
    for (let seed = 1; compared < SYSTEMS; seed++) {
      const system = generate(draws(seed), mode, true);
      const expected = abstractStates(system, LIMIT)
        ?.map(({ summary }) => summary)
        .sort();
      if (!expected || expected.length < 8) continue;
      compared++;
      let actual: string[];
      try {
        actual = worldStates(new World(translate(system)), 2 * LIMIT);
      } catch (error) {
        actual = [String(error)];
      }
      if (actual.join() !== expected.join()) {
        differ.push(`seed ${seed}: ${expected.length} states expected, ${actual.length} found`);
      }
    }
    expect(differ).toEqual([]);
  });
});
