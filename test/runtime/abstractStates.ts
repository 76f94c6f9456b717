import type { WorldView } from '../../src/runtime/worldView.js';
import { TooBig } from './abstractStep.js';
import type { AbstractSystem, AbstractWorld } from './abstractSystem.js';
import { abstractInitial, abstractKey, abstractSteps } from './abstractWorld.js';
import { eventType } from './translation.js';

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

export function worldSummary(view: WorldView): string {
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

/** A state that the abstract interpreter reaches. */
export interface AbstractState {
  readonly summary: string;
  /** The least number of steps to it. */
  readonly depth: number;
  readonly world: AbstractWorld;
  /** How many steps lead on from it. */
  readonly steps: number;
}

/** All states that the abstract interpreter reaches, breadth first, or `undefined` when they are more than `limit`. */
export function abstractStates(system: AbstractSystem, limit: number): readonly AbstractState[] | undefined {
  try {
    const first = abstractInitial(system);
    const known = new Set([abstractKey(first)]);
    const queue: { world: AbstractWorld; depth: number }[] = [{ world: first, depth: 0 }];
    const states: AbstractState[] = [];
    for (const { world, depth } of queue) {
      const successors = abstractSteps(system, world);
      states.push({ summary: abstractSummary(system, world), depth, world, steps: successors.length });
      for (const next of successors) {
        const key = abstractKey(next);
        if (known.has(key)) continue;
        if (known.size === limit) return undefined;
        known.add(key);
        queue.push({ world: next, depth: depth + 1 });
      }
    }
    return states;
  } catch (error) {
    if (error instanceof TooBig) return undefined;
    throw error;
  }
}
