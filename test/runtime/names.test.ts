import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createMachine } from 'xstate';
import { createRandom } from '../../src/kernel/random.js';
import { asChoice } from '../../src/runtime/choice.js';
import { SlotReads } from '../../src/runtime/slotReads.js';
import { World } from '../../src/runtime/world.js';
import { befriend, born, idle, listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

const childOf = (self: AnyActorRef): AnyActorRef | undefined => self.getSnapshot().children.c;
const refTo = (self: AnyActorRef): { ref?: AnyActorRef } => {
  const ref = childOf(self);
  return ref ? { ref } : {};
};

/** Spawns and stops a child, gives its reference to `ear`, keeps and forgets it. */
const parent = offering({
  SPAWN: { actions: born(listener, { id: 'c' }) },
  STOP: { actions: noting.stopChild('c') },
  KEEP: { actions: noting.assign({ friend: ({ self }) => childOf(self) ?? null }) },
  FORGET: { actions: noting.assign({ friend: null }) },
  TELL: {
    actions: noting.sendTo(
      ({ system }) => system.get('ear'),
      ({ self }) => ({ type: 'REF', ...refTo(self) }),
    ),
  },
  LATER: {
    actions: noting.raise(({ self }) => ({ type: 'FORGET', ...refTo(self) }), {
      delay: 5,
      id: 't',
    }),
  },
  CALL: { actions: noting.sendTo(({ context }) => context.friend ?? 'nobody', { type: 'HELLO' }) },
});
const forgetful = noting.createMachine({
  context: { got: [], friend: null },
  on: { REF: {} },
});
const system = systemOf({ p: parent, ear: forgetful });
const names = (schedule: string) =>
  play(system, schedule.replace(/[A-Z]+/g, 'p?$&'))
    .view.addresses()
    .slice(2);

describe('a name that comes back', () => {
  it('is the plain one when nothing mentions the old actor', () => {
    expect(names('SPAWN')).toEqual(['p/c']);
    expect(names('SPAWN STOP SPAWN')).toEqual(['p/c']);
  });

  it('is numbered while a context mentions the old actor, with the smallest number that nothing mentions', () => {
    expect(names('SPAWN KEEP STOP SPAWN')).toEqual(['p/c~1']);
    expect(names('SPAWN KEEP STOP SPAWN STOP SPAWN')).toEqual(['p/c~1']);
    expect(names('SPAWN KEEP STOP SPAWN KEEP STOP SPAWN')).toEqual(['p/c']);
  });

  it('is numbered while a mailbox mentions the old actor', () => {
    expect(names('SPAWN TELL STOP SPAWN')).toEqual(['p/c~1']);
    expect(names('SPAWN TELL STOP SPAWN TELL STOP SPAWN')).toEqual(['p/c~2']);
    expect(names('SPAWN TELL STOP ear SPAWN')).toEqual(['p/c']);
  });

  it('is numbered while a timer mentions the old actor', () => {
    expect(names('SPAWN LATER STOP SPAWN')).toEqual(['p/c~1']);
    expect(names('SPAWN LATER STOP p!t SPAWN')).toEqual(['p/c']);
  });

  it('lets a stale reference reach nobody', () => {
    const { view, steps } = play(system, 'p?SPAWN p?KEEP p?STOP p?SPAWN p?CALL');
    expect(view.addresses()).toContain('p/c~1');
    expect(view.mailbox('p/c~1')).toEqual([]);
    expect(steps.at(-1)?.sent).toMatchObject([{ to: 'p/c', dropped: true }]);
  });

  it('lets states merge once the old actor is forgotten', () => {
    const print = (schedule: string) => play(system, schedule).state.fingerprint;
    expect(print('p?SPAWN p?KEEP p?STOP p?FORGET p?SPAWN')).toEqual(print('p?SPAWN'));
    expect(print('p?SPAWN p?TELL p?STOP ear p?SPAWN')).toEqual(print('p?SPAWN'));
    expect(print('p?SPAWN p?KEEP p?STOP p?SPAWN p?FORGET p?STOP')).toEqual(print(''));
    expect(print('p?SPAWN p?KEEP p?STOP p?SPAWN')).not.toEqual(print('p?SPAWN p?KEEP'));
  });
});

describe('names', () => {
  it('of unnamed children are the key of their logic and the smallest number that nothing mentions', () => {
    const p = offering({
      SPAWN: { actions: befriend(() => idle) },
      STOP: { actions: noting.stopChild(({ context }) => context.friend as AnyActorRef) },
      FORGET: { actions: noting.assign({ friend: null }) },
    });
    const children = (schedule: string) => play(systemOf({ p }), schedule).view.addresses().slice(1);
    expect(children('p?SPAWN p?SPAWN')).toEqual(['p/idle#0', 'p/idle#1']);
    expect(children('p?SPAWN p?STOP p?SPAWN')).toEqual(['p/idle#1']);
    expect(children('p?SPAWN p?STOP p?FORGET p?SPAWN')).toEqual(['p/idle#0']);
  });

  it('of children that still run cannot be given away again: the spawn fails its parent', () => {
    const { view } = play(system, 'p?SPAWN p?SPAWN');
    expect(view.snapshot('p')?.status).toBe('error');
    expect(String(view.snapshot('p')?.error)).toContain(
      "'c' was spawned while an actor with that id is still running",
    );
  });

  it('that a system id stands for are found, and a second actor cannot have them', () => {
    const p = offering({
      SPAWN: { actions: born(idle, { id: 'c', systemId: 'service' }) },
      TWIN: { actions: born(idle, { id: 'd', systemId: 'service' }) },
      ASK: { actions: noting.assign({ friend: ({ self }) => self.system.get('service') ?? null }) },
      STOP: { actions: noting.stopChild('c') },
    });
    const friend = (schedule: string) =>
      play(systemOf({ p }), schedule).view.snapshot('p')?.context.friend?.sessionId;
    expect([friend('p?ASK'), friend('p?SPAWN p?ASK'), friend('p?SPAWN p?STOP p?ASK')]).toEqual([
      undefined,
      'p/c',
      undefined,
    ]);
    expect(play(systemOf({ p }), 'p?SPAWN p?STOP p?TWIN').view.snapshot('p')?.status).toBe('active');
    expect(String(play(systemOf({ p }), 'p?SPAWN p?TWIN').view.snapshot('p')?.error)).toContain(
      "'service' already exists",
    );
  });

  it('that punctuation makes look alike are different names', () => {
    const z = offering({
      ONE: { actions: noting.assign({ got: ({ self }) => [self.system.get('a'), null] as never }) },
      TWO: { actions: noting.assign({ got: ({ self }) => [self.system.get('a,n')] as never }) },
    });
    const odd = systemOf({ a: idle, 'a,n': idle, z });
    expect(play(odd, 'z?ONE').state.fingerprint).not.toEqual(play(odd, 'z?TWO').state.fingerprint);
  });

  it('of logics and system ids are told apart wherever there are blanks in them', () => {
    const machine = createMachine({
      id: 'p',
      meta: { offers: ['ONE', 'TWO'] },
      on: {
        ONE: { actions: born('k' as never, { id: 'c', systemId: 'y z' }) },
        TWO: { actions: born('k y' as never, { id: 'c', systemId: 'z' }) },
      },
    }).provide({ actors: { k: idle, 'k y': createMachine({ id: 'other', tags: ['idle'] }) } as never });
    const blanks = systemOf({ p: machine });
    expect(play(blanks, 'p?ONE').state.fingerprint).not.toEqual(play(blanks, 'p?TWO').state.fingerprint);
  });

  it.each(['a b', 'a/b', 'a~1', 'a#0', ''])(
    'of children are refused when they cannot be part of an address: %j',
    (id) => {
      const p = offering({ GO: { actions: born(idle, { id }) } });
      expect(() => play(systemOf({ p }), 'p?GO')).toThrow(
        /actor 'p', on event 'GO'.*cannot be part of an address/,
      );
    },
  );
});

describe('an address', () => {
  it('is mentioned where a look at every slot finds it, in random runs and within each step too', () => {
    // Mentions a child of somebody else's, and only in a timer.
    const clock = offering({
      ARM: {
        actions: noting.raise(({ system }) => ({ type: 'RING', ...refTo(system.get('p')) }), { delay: 5 }),
      },
    });
    const world = new World(systemOf({ p: parent, ear: forgetful, clock }));
    const { stepper, tables } = world;
    const counts = { mentioned: 0, not: 0 };
    for (let seed = 1; seed <= 100; seed++) {
      const random = createRandom(seed);
      let state = world.initial;
      for (let step = 0; step < 30; step++) {
        const { choices } = world.enabled(state);
        const next = world.step(state, choices[random.nextInt(choices.length)] ?? asChoice(0));
        for (const { index, address } of tables.actors.places) {
          const isMentioned = stepper.isMentioned(index);
          // Whoever hears what is looked at makes it look at every slot.
          stepper.changes.reads = new SlotReads();
          const isFound = stepper.isMentioned(index);
          stepper.changes.reads = undefined;
          expect(isMentioned, `seed ${seed}, step ${step}: ${address}`).toBe(isFound);
          counts[isMentioned ? 'mentioned' : 'not']++;
        }
        state = next;
      }
    }
    expect(counts.mentioned).toBeGreaterThan(5_000);
    expect(counts.not).toBeGreaterThan(1_000);
  });
});
