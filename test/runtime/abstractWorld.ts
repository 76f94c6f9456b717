import { EVENT, Failure, newborn, released, Step } from './abstractStep.js';
import type { AbstractSystem, AbstractWorld, Timer } from './abstractSystem.js';

export function abstractKey(world: AbstractWorld): string {
  return JSON.stringify([sorted(world.actors), sorted(world.budgets)]);
}

function sorted(record: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function abstractInitial(system: AbstractSystem): AbstractWorld {
  const actors = Object.fromEntries(system.names.map((name, i) => [name, newborn(system.top[i] ?? -1)]));
  let world: AbstractWorld = { actors, budgets: {} };
  if (system.any) return world;
  for (const name of system.names) {
    const step = new Step(system, world);
    step.start(name);
    world = { actors: step.actors, budgets: {} };
  }
  return world;
}

/** The worlds after each possible step. */
export function abstractSteps(system: AbstractSystem, world: AbstractWorld): AbstractWorld[] {
  const all = Object.entries(world.actors);
  const busy = all.some(([, a]) => a.status === 'unstarted' || (a.status === 'active' && a.queue.length > 0));
  const early = Math.min(...all.flatMap(([, a]) => a.timers.map((t) => t.left)));
  const out: AbstractWorld[] = [];
  const add = (f: (step: Step) => void, budgets = world.budgets): void => {
    const step = new Step(system, world);
    f(step);
    out.push({ actors: step.actors, budgets });
  };
  for (const [address, a] of all) {
    if (a.status === 'unstarted') add((step) => step.start(address));
    if (a.status !== 'active') continue;
    const [head, ...rest] = a.queue;
    if (head) {
      add((step) => {
        step.change(address, { queue: rest });
        step.take(address, head);
      });
    }
    a.timers.forEach((timer, i) => {
      const first = system.mode === 'free' || (i === 0 && timer.left === early);
      if (first && !(system.mode === 'urgent' && busy)) add((step) => fire(step, address, timer, i));
    });
    for (const [i, offer] of (new Step(system, world).logicOf(a).states[a.at]?.offers ?? []).entries()) {
      const key = `${address}#${a.at}.${i}`;
      const left = world.budgets[key] ?? offer.times;
      if (left === 0 || !wouldTake(new Step(system, world), address, offer.event)) continue;
      add((step) => step.take(address, EVENT(offer.event)), { ...world.budgets, [key]: left - 1 });
    }
  }
  return out;
}

function fire(step: Step, address: string, timer: Timer, index: number): void {
  const others = step.actor(address).timers.filter((_, i) => i !== index);
  step.change(address, { timers: released(others, timer.id) });
  for (const [other, { timers }] of Object.entries(step.actors)) {
    step.change(other, { timers: timers.map((t) => ({ ...t, left: t.left - timer.left })) });
  }
  if (timer.to === '') step.take(address, timer.event);
  else step.append(timer.to, timer.event);
}

function wouldTake(step: Step, address: string, type: number): boolean {
  try {
    return step.choose(address, EVENT(type)) !== undefined;
  } catch (error) {
    if (error instanceof Failure) return true;
    throw error;
  }
}
