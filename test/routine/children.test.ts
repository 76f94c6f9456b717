import { describe, expect, test } from 'vitest';
import { type AnyActorLogic, assign, setup, spawnChild, stopChild } from 'xstate';
import { threads, until, write } from '../../src/index.js';
import type { State } from '../../src/runtime/state.js';
import { defineSystem } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';

/** A program of threads as the child of a state chart. */

const program = threads({
  memory: { x: 0, go: true },
  threads: {
    a: function* (memory) {
      yield* write(memory, 'x', 1);
    },
    b: function* (memory) {
      yield* until(() => memory.x === 1);
    },
  },
});

// XState's types know the logics that XState runs.
const actors = { program: program as unknown as AnyActorLogic };

const parent = setup({ actors }).createMachine({
  id: 'parent',
  context: { rounds: 0 },
  initial: 'idle',
  states: {
    idle: {
      tags: 'idle',
      entry: spawnChild('program', { id: 'child' }),
      on: {
        STOP: { target: 'stopped', actions: stopChild('child') },
        'xstate.done.actor.child': { target: 'over', actions: assign({ rounds: 1 }) },
      },
      meta: { offers: [{ type: 'STOP', times: 1 }] },
    },
    stopped: { on: { AGAIN: 'idle' }, meta: { offers: ['AGAIN'] } },
    over: { type: 'final' },
  },
});

function explore(): { world: World; all: State[]; last: State[] } {
  const world = new World(defineSystem({ name: 's', actors: { parent: { logic: parent } } }));
  const seen = new Map([[world.initial.fingerprint.join(), world.initial]]);
  const queue = [world.initial];
  const last: State[] = [];
  for (const state of queue) {
    const { choices } = world.enabled(state);
    if (choices.length === 0) last.push(state);
    for (const choice of choices) {
      const next = world.step(state, choice);
      const key = next.fingerprint.join();
      if (seen.has(key)) continue;
      seen.set(key, next);
      queue.push(next);
    }
  }
  return { world, all: queue, last };
}

describe('threads that a state chart spawned', () => {
  const { world, all, last } = explore();
  // Its end may still be in the parent's mailbox; without it nothing tells the stopped states apart.
  const isStopped = (state: State): boolean =>
    world.view(state).snapshot('parent')?.value === 'stopped' &&
    world.view(state).mailbox('parent').length === 0;

  test('run, and their end is told to the parent', () => {
    const ends = new Set(last.map((state) => world.view(state).snapshot('parent')?.value));
    expect(ends).toEqual(new Set(['over']));
  });

  test('are gone without a trace when they are stopped', () => {
    expect(all.filter(isStopped)).toHaveLength(1);
    const [stopped] = all.filter(isStopped);
    expect(stopped && world.view(stopped).addresses()).toEqual(['parent']);
  });

  test('begin anew when they are spawned again', () => {
    const values = all.map((state) => world.view(state).snapshot('parent/child')?.context['memory']);
    expect(new Set(values.map((value) => JSON.stringify(value)))).toEqual(
      new Set([undefined, '{"x":0,"go":true}', '{"x":1,"go":true}']),
    );
  });
});
