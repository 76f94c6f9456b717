import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { Answers } from '../../src/property/answers.js';
import { Reply } from '../../src/property/reply.js';
import { Watched } from '../../src/property/watched.js';
import { Slot } from '../../src/runtime/layout.js';
import type { State } from '../../src/runtime/state.js';
import { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { born, idle, offering } from '../runtime/machines.js';
import { playOn, systemOf } from '../runtime/play.js';

/** Can bear a child. */
const mother = offering({ SPAWN: { actions: born(idle, { id: 'child' }) } });

function asked(predicate: (view: WorldView) => boolean) {
  const world = new World(systemOf({ mother, friend: setup({}).createMachine({}) }));
  const answers = new Answers(world, 'property', predicate);
  const watched = new Watched();
  answers.watch = { watched, sought: true };
  const turnTo = ({ cells }: State): void => world.stepper.begin(cells, 0, cells.length);
  turnTo(world.initial);
  const slotOf = (address: string): number =>
    world.layout.find(Slot.snapshot, world.tables.actors.find(address)?.index ?? -1);
  return { world, answers, watched, turnTo, slotOf };
}

describe('what a predicate says in an imagined state', () => {
  it('is about that state, not the present one, also where somebody is gone', () => {
    const { answers, slotOf } = asked((view) => view.snapshot('mother') === undefined);
    expect(answers.holds()).toBe(false);
    expect(answers.consult(new Map([[slotOf('mother'), 0]]))).toMatchObject({ reply: Reply.yes });
    expect(answers.holds()).toBe(false);
  });

  it('is no answer yet in a real one', () => {
    const { answers, world, slotOf, turnTo } = asked((view) => view.snapshot('mother') !== undefined);
    const content = world.stepper.valueAt(slotOf('mother'));
    expect(answers.consult(new Map([[slotOf('mother'), content]]))).toMatchObject({ reply: Reply.yes });
    turnTo(world.initial);
    expect(answers.isKnownToBe(true)).toBe(false);
    expect(answers.holds()).toBe(true);
    expect(answers.isKnownToBe(true)).toBe(true);
  });

  it('hangs on an actor that nobody has met when the predicate was asked first', () => {
    const { answers, world, slotOf } = asked(
      (view) => view.snapshot('mother') !== undefined && view.addresses().includes('mother/child'),
    );
    expect(answers.holds()).toBe(false);
    const before = world.stepper.valueAt(slotOf('mother'));
    const friend = world.stepper.valueAt(slotOf('friend'));
    const given = new Map([
      [slotOf('mother'), before],
      [slotOf('friend'), friend],
    ]);
    expect(answers.consult(given)).toMatchObject({ reply: Reply.no });
    playOn(world, world.initial, 'mother?SPAWN');
    expect(answers.consult(given)).toEqual({ reply: Reply.asks, asks: slotOf('mother/child') });
  });
});
