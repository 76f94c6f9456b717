import { afterEach, describe, expect, it, vi } from 'vitest';
import { requestsSystem } from '../../bench/model.js';
import { QuickSteps } from '../../src/runtime/quickSteps.js';
import type { State } from '../../src/runtime/state.js';
import type { StepListener } from '../../src/runtime/stepListener.js';
import { Successor, Successors } from '../../src/runtime/successors.js';
import { World } from '../../src/runtime/world.js';
import { draws, generate, type Mode } from './abstractSystem.js';
import { noting, offering } from './machines.js';
import { playOn, systemOf } from './play.js';
import { translate } from './translation.js';

const SYSTEMS = 150;
const STATES = 200;

/** Hears nothing; but whoever is listened to steps in the general way. */
const deaf: StepListener = { ran() {}, sent() {}, emitted() {}, elapsed() {} };

/** The first states of a world, breadth first, by the steps that `step` takes. */
function explore(world: World, step: (state: State, choice: Parameters<World['step']>[1]) => State): State[] {
  const known = new Set([world.initial.fingerprint.join()]);
  const states = [world.initial];
  for (const state of states) {
    for (const choice of world.enabled(state).choices) {
      const next = step(state, choice);
      if (known.has(next.fingerprint.join())) continue;
      known.add(next.fingerprint.join());
      states.push(next);
    }
    if (states.length > STATES) break;
  }
  return states;
}

const words = (states: readonly State[]): string[] => states.map(({ fingerprint }) => fingerprint.join());

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each<Mode>(['ordered', 'urgent', 'free'])('random systems, timers: %s', (mode) => {
  it('a quick step gives the same vector and the same words as the general one', () => {
    const take = vi.spyOn(QuickSteps.prototype, 'take');
    for (let seed = 1; seed <= SYSTEMS; seed++) {
      const world = new World(translate(generate(draws(seed), mode, true)));
      explore(world, (state, choice) => {
        const quick = world.step(state, choice);
        const seen = Array.from(quick.cells, (_, slot) => world.stepper.valueAt(slot));
        const general = world.step(state, choice, deaf);
        expect([...quick.cells], `seed ${seed}`).toEqual([...general.cells]);
        expect(quick.fingerprint, `seed ${seed}`).toEqual(general.fingerprint);
        expect(seen, `seed ${seed}`).toEqual([...general.cells]);
        return quick;
      });
    }
    const quick = take.mock.results.filter(({ value }) => value === true).length;
    expect(quick / take.mock.results.length).toBeGreaterThan(0.4);
  });

  it('a world in which every step is taken in the general way has the same states, in the same order', () => {
    for (let seed = 1; seed <= SYSTEMS; seed++) {
      const system = translate(generate(draws(seed), mode, true));
      const quick = new World(system);
      const general = new World(system);
      const states = explore(quick, (state, choice) => quick.step(state, choice));
      const expected = explore(general, (state, choice) => general.step(state, choice, deaf));
      expect(words(states), `seed ${seed}`).toEqual(words(expected));
    }
  });
});

/** Where all choices of a state lead, when they are taken at once; `undefined` when the tables do not know them all. */
function takenAtOnce(world: World, { cells, fingerprint }: State) {
  const successors = new Successors(world.tables.actors.places.length);
  world.stepper.begin(cells, 0, cells.length);
  if (!world.stepper.takeAll(successors, fingerprint[0], fingerprint[1])) return undefined;
  const { log } = world.stepper.changes;
  return Array.from({ length: successors.count }, (_, n) => {
    const next = new Int32Array(world.stepper.width);
    next.set(cells);
    const end = successors.at(n, Successor.changesEnd);
    for (let at = successors.at(n, Successor.changesStart); at < end; at += 2)
      next[log[at] ?? -1] = log[at + 1] ?? -1;
    return {
      choice: successors.at(n, Successor.choice),
      words: [successors.at(n, Successor.first), successors.at(n, Successor.second)],
      cells: [...next],
    };
  });
}

describe.each<Mode>(['ordered', 'urgent', 'free'])('all choices at once, timers: %s', (mode) => {
  it('lead where they lead one by one, or nowhere', () => {
    let atOnce = 0;
    let pairs = 0;
    const compare = (world: World): void => {
      for (const state of explore(world, (from, choice) => world.step(from, choice))) {
        const taken = takenAtOnce(world, state);
        if (!taken) continue;
        const { choices } = world.enabled(state);
        const expected = choices.map((choice) => {
          const { cells, fingerprint } = world.step(state, choice, deaf);
          return { choice, words: fingerprint.slice(0, 2), cells: [...cells] };
        });
        expect(taken).toEqual(expected);
        atOnce++;
        if (taken.length > 1) pairs++;
      }
    };
    for (let seed = 1; seed <= SYSTEMS; seed++)
      compare(new World(translate(generate(draws(seed), mode, true))));
    compare(new World(requestsSystem(3, 1)));
    expect(atOnce).toBeGreaterThan(400);
    expect(pairs).toBeGreaterThan(100);
  });
});

describe('quick steps', () => {
  it('take all but a few of the steps of the system that the runtime is measured with', () => {
    const world = new World(requestsSystem(3, 1));
    const take = vi.spyOn(QuickSteps.prototype, 'take');
    explore(world, (state, choice) => world.step(state, choice));
    take.mockClear();
    explore(world, (state, choice) => world.step(state, choice));
    expect(take.mock.results.every(({ value }) => value === true)).toBe(true);
  });

  it('go by what the step has asked, also where there are more answers than recipes', () => {
    const target = offering({
      MOVE: { actions: noting.assign({ got: ({ context }) => [...context.got, 'x'] }) },
    });
    const reader = offering({
      LOOK: { actions: noting.sendTo(({ self }) => self, { type: 'SEE' }) },
      SEE: {
        actions: noting.assign({ got: ({ self }) => self.system.get('target')?.getSnapshot().context.got }),
      },
    });
    const world = new World(systemOf({ target, reader }));
    const take = vi.spyOn(QuickSteps.prototype, 'take');
    const counts = Array.from({ length: 12 }, (_, moves) => {
      const { state, next } = playOn(world, world.initial, `${'target?MOVE '.repeat(moves)}reader?LOOK`);
      const { choices } = world.enabled(state);
      const mail = choices[next.indexOf('reader')];
      if (mail === undefined) throw new Error('the reader has mail');
      return [1, 2].map(() => world.view(world.step(state, mail)).snapshot('reader')?.context.got.length);
    });
    expect(counts).toEqual(Array.from({ length: 12 }, (_, moves) => [moves, moves]));
    expect(take.mock.results.filter(({ value }) => value === true)).toHaveLength(8);
  });

  it('go by whether the receiver takes mail', () => {
    const target = noting.createMachine({
      context: { got: [], friend: null },
      initial: 'a',
      states: { a: { meta: { offers: ['END'] }, on: { END: 'b' } }, b: { type: 'final' } },
    });
    const sender = offering({
      MEET: { actions: noting.assign({ friend: ({ self }) => self.system.get('target') ?? null }) },
      LOOK: { actions: noting.sendTo(({ self }) => self, { type: 'SEND' }) },
      SEND: { actions: noting.sendTo(({ context, self }) => context.friend ?? self, { type: 'NOTE' }) },
    });
    const world = new World(systemOf({ target, sender }));
    const mailAfter = (schedule: string) => {
      const { state, next } = playOn(world, world.initial, schedule);
      const mail = world.enabled(state).choices[next.indexOf('sender')];
      if (mail === undefined) throw new Error('the sender has mail');
      return world.view(world.step(state, mail)).mailbox('target').length;
    };
    const schedules = ['sender?MEET sender?LOOK', 'sender?MEET target?END sender?LOOK'];
    expect([...schedules, ...schedules].map(mailAfter)).toEqual([1, 0, 1, 0]);
  });
});
