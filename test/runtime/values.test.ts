import { describe, expect, it } from 'vitest';
import { createMachine, type EventObject } from 'xstate';
import { UsageError } from '../../src/kernel/usageError.js';
import { born, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

/** An actor whose context holds one thing, and an action that does something to it. */
function touching(thing: unknown, touch: (thing: never) => void, quiet = false) {
  return createMachine({
    id: 'm',
    context: { thing },
    meta: { offers: ['GO'] },
    on: {
      GO: {
        actions: ({ context }) => {
          try {
            touch(context['thing'] as never);
          } catch (error) {
            if (!quiet) throw error;
          }
        },
      },
    },
  });
}

describe('writing into a value', () => {
  it.each<[string, unknown, (thing: never) => void]>([
    ['a plain object', { a: 1 }, (o: { a: number }) => void Object.assign(o, { a: 2 })],
    ['an array', [1], (list: number[]) => void list.push(2)],
    ['something nested', [{ a: [1] }], (list: [{ a: number[] }]) => void list[0].a.pop()],
    ['a Map', new Map(), (map: Map<number, number>) => void map.set(1, 1)],
    ['a Set', new Set([1]), (set: Set<number>) => set.clear()],
    ['a Date', new Date(0), (date: Date) => void date.setTime(1)],
    ['a typed array', new Uint8Array(2), (bytes: Uint8Array) => void bytes.fill(1)],
  ])('in a context is refused, and the error says assign: %s', (_name, thing, touch) => {
    const run = () => play(systemOf({ m: touching(thing, touch) }), 'm?GO');
    expect(run).toThrow(UsageError);
    expect(run).toThrow(
      /actor 'm', on event 'GO': it changed its context, an event or its system in place.*assign/,
    );
  });

  it('in a typed array is refused even when all errors are caught', () => {
    const m = touching(new Uint8Array(2), (bytes: Uint8Array) => void bytes.fill(1), true);
    expect(() => play(systemOf({ m }), 'm?GO')).toThrow(/in place.*assign/);
  });

  it('in a typed array of another actor is refused', () => {
    const owner = createMachine({ context: { bytes: new Uint8Array(2) } });
    const thief = offering({
      GO: { actions: ({ system }) => system.get('owner').getSnapshot().context.bytes.fill(1) },
    });
    expect(() => play(systemOf({ owner, thief }), 'thief?GO')).toThrow(/actor 'thief'.*in place/);
  });

  it('in a typed array inside a guard is refused', () => {
    const m = createMachine({
      context: { bytes: new Uint8Array(2) },
      meta: { offers: ['GO'] },
      on: { GO: { guard: ({ context }) => context['bytes'].fill(1).length > 0 } },
    });
    expect(() => play(systemOf({ m }))).toThrow(/actor 'm', on the offer 'GO'.*in place/);
  });

  it('in an event or an input is refused', () => {
    const event = offering({ GO: { actions: ({ event: e }) => void Object.assign(e, { more: 1 }) } });
    expect(() => play(systemOf({ m: event }), 'm?GO')).toThrow(/in place/);
    const child = createMachine({ context: ({ input }) => Object.assign(input as object, { more: 1 }) });
    const parent = offering({ GO: { actions: born(child, { id: 'c', input: { a: 1 } }) } });
    expect(() => play(systemOf({ m: parent }), 'm?GO')).toThrow(/actor 'm\/c', at its start.*in place/);
  });

  it('is not what an error means that merely talks of it', () => {
    const actions = (): never => {
      throw new Error('the volume is read only');
    };
    expect(play(systemOf({ m: offering({ GO: { actions } }) }), 'm?GO').view.snapshot('m')?.status).toBe(
      'error',
    );
  });
});

describe('something that is no value', () => {
  const odd = { type: 'X', f: () => 1 };
  it.each<[string, Parameters<typeof offering>[0]]>([
    ['sent with sendTo', { GO: { actions: noting.sendTo(({ self }) => self, odd) } }],
    ['sent with send()', { GO: { actions: ({ self }) => self.send(odd) } }],
    ['armed', { GO: { actions: noting.raise(odd, { delay: 1 }) } }],
    ['given as input', { GO: { actions: born(createMachine({}), { id: 'c', input: odd }) } }],
  ])('is refused with actor and path, and is no mere failure of the actor, when it is %s', (_name, on) => {
    const run = () => play(systemOf({ m: offering(on) }), 'm?GO');
    expect(run).toThrow(UsageError);
    expect(run).toThrow(/'m'.* at \.f, is the function 'f'/);
  });

  it('is refused when it is a proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const m = offering({ GO: { actions: noting.assign({ got: () => proxy as never }) } });
    expect(() => play(systemOf({ m }), 'm?GO')).toThrow(
      "in the context of actor 'm' is a proxy that was revoked; keep the data, not a draft of it",
    );
  });

  it('may be thrown without a prototype', () => {
    const thrown: unknown = Object.assign(Object.create(null), { code: 5 });
    const m = offering({
      GO: {
        actions: () => {
          throw thrown;
        },
      },
    });
    expect(play(systemOf({ m }), 'm?GO').view.snapshot('m')?.error).toEqual({ code: 5 });
  });

  it('is refused in a context, with its path', () => {
    const m = createMachine({ context: { a: [1, { b: new (class Point {})() }] } });
    expect(() => play(systemOf({ m }))).toThrow(
      /the context of actor 'm', at \.a\[1\]\.b, is an instance of Point/,
    );
  });

  it('is refused as the input of a top-level actor', () => {
    const actors = { m: { logic: createMachine({}), input: { f: () => 1 } } };
    expect(() => play(systemOf({}, { actors }))).toThrow(/the input of actor 'm', at \.f,/);
  });
});

describe('values', () => {
  it('with equal content are one frozen object wherever actors meet them', () => {
    const send = (type: string) =>
      noting.sendTo(
        ({ self }) => self,
        () => ({ type, list: [1] }) as EventObject,
      );
    const { view } = play(
      systemOf({ m: offering({ GO: { actions: [send('A'), send('A'), send('B')] } }) }),
      'm?GO',
    );
    const [a, again, b] = view.mailbox('m');
    expect(a).toBe(again);
    expect(Object(a).list).toBe(Object(b).list);
    expect(Object.isFrozen(a) && Object.isFrozen(Object(a).list)).toBe(true);
  });
});
