import { describe, expect, it } from 'vitest';
import { type AnyEventObject, fromTransition } from 'xstate';
import { World } from '../../src/runtime/world.js';
import { idle, noting, offering } from './machines.js';
import { play, playOn, systemOf } from './play.js';

describe('the memo', () => {
  it('lets a situation that was met before run nothing again', () => {
    const world = new World(systemOf({ m: offering({ GO: {} }) }));
    playOn(world, world.initial, 'm?GO');
    const { executions } = world;
    playOn(world, world.initial, 'm?GO m?GO m?GO');
    expect(world.executions).toBe(executions);
  });

  it('computes every situation twice and detects what depends on a module', () => {
    let counter = 0;
    const m = offering({ GO: { actions: noting.assign({ got: () => [`${counter++}`] }) } });
    expect(() => play(systemOf({ m }), 'm?GO')).toThrow(
      /actor 'm', on event 'GO'.*two outcomes.*the snapshots differ/,
    );
    const sender = offering({
      GO: {
        actions: noting.sendTo(
          ({ self }) => self,
          () => ({ type: `T${counter++}` }),
        ),
      },
    });
    expect(() => play(systemOf({ m: sender }), 'm?GO')).toThrow(/two outcomes.*what it sent/);
    const guarded = offering({ GO: { guard: () => counter++ % 2 === 0 } });
    expect(() => play(systemOf({ m: guarded }))).toThrow(/actor 'm', on the offer 'GO'.*two outcomes/);
  });

  it('detects a guard that depends on a module where the transitions do the same, or nothing', () => {
    let counter = 0;
    const guard = () => counter++ % 2 === 0;
    const sender = offering({
      GO: { actions: noting.sendTo(({ self }) => self.system.get('m'), { type: 'ASK' }) },
    });
    const ignoring = noting.createMachine({
      meta: { strict: true },
      context: { got: [], friend: null },
      on: { ASK: { guard } },
    });
    const choosing = noting.createMachine({
      context: { got: [], friend: null },
      on: { ASK: [{ guard, actions: () => {} }, { actions: () => {} }] },
    });
    for (const m of [ignoring, choosing]) {
      expect(() => play(systemOf({ sender, m }), 'sender?GO m')).toThrow(
        /actor 'm', on event 'ASK'.*two outcomes.*the transitions it took differ/,
      );
    }
  });

  it('does not reuse what was computed when getSnapshot() gave another answer', () => {
    const target = offering({
      MOVE: { actions: noting.assign({ got: ({ context }) => [...context.got, 'x'] }) },
    });
    const reader = offering({
      LOOK: {
        actions: noting.assign({ got: ({ self }) => self.system.get('target')?.getSnapshot().context.got }),
      },
    });
    const { view } = play(systemOf({ target, reader }), 'reader?LOOK target?MOVE');
    expect(view.snapshot('reader')?.context.got).toEqual([]);
    const world = new World(systemOf({ target, reader }));
    playOn(world, world.initial, 'reader?LOOK');
    const moved = playOn(world, world.initial, 'target?MOVE target?MOVE reader?LOOK');
    expect(moved.view.snapshot('reader')?.context.got).toEqual(['x', 'x']);
    expect(playOn(world, world.initial, 'reader?LOOK').view.snapshot('reader')?.context.got).toEqual([]);
  });

  it('does not reuse what was computed when system.get() gave another answer', () => {
    const target = noting.createMachine({
      context: { got: [], friend: null },
      initial: 'a',
      states: { a: { meta: { offers: ['END'] }, on: { END: 'b' } }, b: { type: 'final' } },
    });
    const reader = offering({
      LOOK: { actions: noting.assign({ got: ({ self }) => [String(self.system.get('target')?.id)] }) },
    });
    const world = new World(systemOf({ target, reader }));
    const seen = (schedule: string) =>
      playOn(world, world.initial, schedule).view.snapshot('reader')?.context.got;
    expect([seen('reader?LOOK'), seen('target?END reader?LOOK'), seen('reader?LOOK')]).toEqual([
      ['target'],
      ['undefined'],
      ['target'],
    ]);
  });

  it('gives self.getSnapshot() as it is before the step', () => {
    const m = offering({
      GO: {
        actions: [
          noting.assign({ got: ['new'] }),
          noting.assign({
            got: ({ context, self }) => [...context.got, String(self.getSnapshot().context.got.length)],
          }),
        ],
      },
    });
    expect(play(systemOf({ m }), 'm?GO').view.snapshot('m')?.context.got).toEqual(['new', '0']);
  });

  it.each<[what: string, leave: (system: object, scope: object) => void]>([
    ['the system', (system) => Object.assign(system, { count: 1 })],
    ['what the system does', (system) => Object.assign(system, { get: () => undefined })],
    ['the clock of the system', (system) => Object.assign(Reflect.get(system, '_clock'), { count: 1 })],
    ['the scope', (_system, scope) => Object.assign(scope, { count: 1 })],
    ['what the scope does', (_system, scope) => Object.assign(scope, { emit: () => {} })],
  ])('lets nobody leave anything for a later run in %s', (_what, leave) => {
    const m = fromTransition((state: number, _event: AnyEventObject, scope) => {
      leave(scope.system, scope);
      return state;
    }, 0);
    const sender = offering({
      GO: { actions: noting.sendTo(({ self }) => self.system.get('m'), { type: 'X' }) },
    });
    expect(() => play(systemOf({ m, sender }), 'sender?GO m')).toThrow(
      /actor 'm', on event 'X': it changed .* in place/,
    );
  });

  it('runs actions itself, whatever a run before has left in their place', () => {
    const leaving = fromTransition((state: number, _event: AnyEventObject, scope) => {
      Object.assign(scope, { actionExecutor: () => {} });
      return state;
    }, 0);
    const sender = offering({
      GO: { actions: noting.sendTo(({ self }) => self.system.get('m'), { type: 'X' }) },
    });
    const { view } = play(systemOf({ m: leaving, sender, other: sender }), 'sender?GO m other?GO');
    expect(view.mailbox('m')).toEqual([{ type: 'X' }]);
  });

  it('lets references do nothing outside of a step', () => {
    const m = offering({
      GO: { actions: noting.assign({ friend: ({ self }) => self.system.get('other') }) },
    });
    const friend = play(systemOf({ m, other: idle }), 'm?GO').view.snapshot('m')?.context.friend;
    expect(() => friend.getSnapshot()).toThrow(/'other' was used outside of a step/);
    expect(() => friend.send({ type: 'X' })).toThrow(/outside of a step/);
  });
});
