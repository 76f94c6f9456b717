import { CellKind } from '../../src/runtime/cells.js';
import { type Choice, ChoiceKind, choiceActor, choiceKind } from '../../src/runtime/choice.js';
import { areDependent, Footprint, type Touched } from '../../src/runtime/footprint.js';
import type { State } from '../../src/runtime/state.js';
import type { System } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';

/** A step, with all that can be noticed of it. */
interface Step {
  readonly choice: Choice;
  readonly touched: Touched;
  /** What was run and sent, and what became of it. */
  readonly label: string;
  readonly next: State;
}

/** How often steps were found independent, and the pairs of which they wrongly were. */
export interface Swaps {
  independent: number;
  dependent: number;
  readonly wrong: string[];
}

/**
 * Swaps steps that the footprints call independent, in the first states of a world, breadth first: in both orders both must be
 * possible, be the same steps, and lead to the same state. And a step that makes another one possible must not be independent of
 * it, unless it sends what the other one takes.
 */
export function swapSteps(system: System, statesMax: number, swaps: Swaps): void {
  const world = new World(system);
  const known = new Map<string, Step[]>();
  const stepsFrom = (state: State): Step[] => {
    const key = state.fingerprint.join();
    const steps =
      known.get(key) ?? world.enabled(state).choices.map((choice) => take(world, system, state, choice));
    known.set(key, steps);
    return steps;
  };
  const states = [world.initial];
  const met = new Set([world.initial.fingerprint.join()]);
  for (const state of states) {
    const steps = stepsFrom(state);
    for (const { next } of steps) {
      if (states.length >= statesMax || met.has(next.fingerprint.join())) continue;
      met.add(next.fingerprint.join());
      states.push(next);
    }
    const complain = (e: Step, f: Step, what: string): void => {
      swaps.wrong.push(`${what}: ${e.label} and ${f.label}`);
    };
    for (const e of steps) {
      for (const f of stepsFrom(e.next)) {
        const before = steps.find(({ choice }) => choice === f.choice);
        if (e.choice === f.choice || before || !isIndependent(e, f, system, world)) continue;
        complain(e, f, 'the second is not possible without the first');
      }
      for (const f of steps) {
        if (e.choice >= f.choice) continue;
        if (areDependent(e.touched, f.touched, system.timers)) {
          swaps.dependent++;
          continue;
        }
        swaps.independent++;
        const fAfter = stepsFrom(e.next).find(({ choice }) => choice === f.choice);
        const eAfter = stepsFrom(f.next).find(({ choice }) => choice === e.choice);
        if (!fAfter || !eAfter) complain(e, f, 'one disables the other');
        else if (fAfter.label !== f.label || eAfter.label !== e.label)
          complain(e, f, 'one changes the other');
        else if (fAfter.next.fingerprint.join() !== eAfter.next.fingerprint.join())
          complain(e, f, 'they do not commute');
      }
    }
  }
}

/** Independent, and the first does not send what the second takes. */
function isIndependent(e: Step, f: Step, { timers }: System, { tables }: World): boolean {
  if (areDependent(e.touched, f.touched, timers)) return false;
  const tail = tables.cells.ofActor(CellKind.tail, choiceActor(f.choice));
  return choiceKind(f.choice) !== ChoiceKind.message || !e.touched.writes.includes(tail);
}

function take(world: World, system: System, state: State, choice: Choice): Step {
  const { stepper, tables } = world;
  stepper.footprint = new Footprint(tables.cells, system.timers);
  const heard: unknown[] = [choice];
  const next = world.step(state, choice, {
    ran: (actor, message, before, after) => heard.push(['ran', actor, message, before, after]),
    sent: (from, to, message, dropped) => heard.push(['sent', from, to, message, dropped]),
    emitted: (from, message) => heard.push(['emitted', from, message]),
    elapsed() {},
  });
  const { touched } = stepper.footprint;
  stepper.footprint = undefined;
  const sorted = (cells: readonly number[]): string => [...cells].sort((a, b) => a - b).join();
  const label = `${JSON.stringify(heard)} reads ${sorted(touched.reads)} writes ${sorted(touched.writes)}`;
  return { choice, touched, label, next };
}
