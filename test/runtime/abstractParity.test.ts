import { describe, expect, it } from 'vitest';
import { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { TooBig } from './abstractStep.js';
import { type AbstractSystem, type AbstractWorld, draws, generate, type Mode } from './abstractSystem.js';
import { abstractInitial, abstractKey, abstractSteps } from './abstractWorld.js';
import { eventType, translate } from './translation.js';

const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 400);
const LIMIT = 250;

/** What both sides can say of one state in the same words. */
const line = (
  address: string,
  status: string,
  at: unknown,
  ref: string,
  mail: string[],
  timers: number,
): string => `${address} ${status} ${status === 'active' ? at : ''} ${ref} [${mail}] ${timers}`;

function abstractSummary(system: AbstractSystem, { actors }: AbstractWorld): string {
  const lines = Object.entries(actors).map(([address, a]) => {
    const mail = a.queue.map((e) => eventType(system, e.type) + e.ref);
    return line(address, a.status, `s${a.at}`, a.ref, mail, a.timers.length);
  });
  return lines.sort().join('\n');
}

function worldSummary(view: WorldView): string {
  const lines = view.addresses().map((address) => {
    const s = view.snapshot(address);
    const mail = view
      .mailbox(address)
      .map((e) => e.type + ('ref' in e ? (Object(e.ref).sessionId ?? '') : ''));
    const ref = s?.context.ref?.sessionId ?? '';
    return line(address, s?.status ?? 'unstarted', s?.value, ref, mail, view.timers(address).length);
  });
  return lines.sort().join('\n');
}

/** The summaries of all states that the abstract interpreter reaches, or `undefined` when they are too many. */
function abstractStates(system: AbstractSystem): string[] | undefined {
  try {
    const first = abstractInitial(system);
    const known = new Set([abstractKey(first)]);
    const queue: AbstractWorld[] = [first];
    for (const world of queue) {
      for (const next of abstractSteps(system, world)) {
        const key = abstractKey(next);
        if (known.has(key)) continue;
        if (known.size === LIMIT) return undefined;
        known.add(key);
        queue.push(next);
      }
    }
    return queue.map((world) => abstractSummary(system, world)).sort();
  } catch (error) {
    if (error instanceof TooBig) return undefined;
    throw error;
  }
}

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
      const expected = abstractStates(system);
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
