import { describe, expect, it } from 'vitest';
import { type AnyActorLogic, createMachine, fromCallback, fromObservable, fromPromise } from 'xstate';
import { UsageError } from '../../src/kernel/usageError.js';
import { befriend, born, idle, listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

const ask: Record<string, () => unknown> = {
  'Date.now': () => Date.now(),
  Date: () => Reflect.construct(new Date(0).constructor as DateConstructor, []),
  'Promise.resolve': () => Promise.resolve(1),
  'new Promise': () => new Promise(() => {}),
  'process.hrtime': () => process.hrtime(),
  'new Date': () => new Date(),
  'Date()': () => Date(),
  'Math.random': () => Math.random(),
  setTimeout: () => setTimeout(() => {}, 1),
  setInterval: () => setInterval(() => {}, 1),
  setImmediate: () => setImmediate(() => {}),
  queueMicrotask: () => queueMicrotask(() => {}),
  fetch: () => fetch('http://localhost'),
  'performance.now': () => performance.now(),
  'crypto.randomUUID': () => crypto.randomUUID(),
  'crypto.getRandomValues': () => crypto.getRandomValues(new Uint8Array(1)),
};
const quietly = (f: () => unknown): true => {
  try {
    f();
  } catch {
    // user code that swallows everything
  }
  return true;
};

describe.each(Object.entries(ask))('%s', (name, f) => {
  const places: [where: string, schedule: string, logic: AnyActorLogic][] = [
    ['in an action', 'm?GO', offering({ GO: { actions: () => void f() } })],
    ['in an action that catches the error', 'm?GO', offering({ GO: { actions: () => void quietly(f) } })],
    ['in a guard that catches the error', '', offering({ GO: { guard: () => quietly(f) } })],
    ['in a context factory', '', createMachine({ context: () => ({ n: String(f()) }) })],
    [
      'in a context factory that catches the error',
      '',
      createMachine({ context: () => ({ n: quietly(f) }) }),
    ],
    ['in an entry action', '', createMachine({ entry: () => void f() })],
  ];
  it.each(places)('is refused %s, with the actor and what to do', (_where, schedule, logic) => {
    const run = () => play(systemOf({ m: logic }), schedule);
    expect(run).toThrow(UsageError);
    expect(run).toThrow(new RegExp(`actor 'm', .*${name.replace('()', '')}.*; `));
  });
});

describe('what JavaScript offers', () => {
  it('is back in its place after a run, a refusal and a failure', () => {
    const before = [
      Date,
      Date.now,
      Math.random,
      setTimeout,
      queueMicrotask,
      performance.now,
      crypto.randomUUID,
      fetch,
    ];
    const own = () => [Object.hasOwn(performance, 'now'), Object.hasOwn(crypto, 'randomUUID')];
    const owned = own();
    for (const actions of [
      () => {},
      () => void Date.now(),
      () => {
        throw new Error('boom');
      },
    ]) {
      quietly(() => play(systemOf({ m: offering({ GO: { actions } }) }), 'm?GO'));
      expect([
        Date,
        Date.now,
        Math.random,
        setTimeout,
        queueMicrotask,
        performance.now,
        crypto.randomUUID,
        fetch,
      ]).toEqual(before);
      expect(own()).toEqual(owned);
      expect(Date.now()).toBeGreaterThan(0);
    }
  });

  it('works where it is deterministic: dates that are given, arithmetic, structuredClone', () => {
    const actions = noting.assign({
      got: () => [
        new Date(5).toISOString(),
        String(Date.UTC(2020, 1)),
        String(new Date(1) instanceof Date),
        structuredClone('x'),
      ],
    });
    const { view } = play(systemOf({ m: offering({ GO: { actions } }) }), 'm?GO');
    expect(view.snapshot('m')?.context.got).toEqual([
      '1970-01-01T00:00:00.005Z',
      '1580515200000',
      'true',
      'x',
    ]);
  });
});

describe('an actor that acts by itself', () => {
  const logics: [string, AnyActorLogic][] = [
    ['promise', fromPromise(() => Promise.resolve(1))],
    ['callback', fromCallback(() => {})],
    ['observable', fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) }))],
  ];
  it.each(logics)('is refused at the top level: %s', (_name, logic) => {
    expect(() => play(systemOf({ m: logic }))).toThrow(
      /actor 'm' runs a promise, a callback or an observable.*offer/,
    );
  });

  it.each(logics)('is refused as a child: %s', (_name, logic) => {
    expect(() => play(systemOf({ m: offering({}, { entry: born(logic, { id: 'c' }) }) }))).toThrow(
      /'m'.*'c'.*promise/,
    );
    expect(() => play(systemOf({ m: createMachine({ invoke: { src: logic } }) }))).toThrow(/'m'.*promise/);
  });
});

describe('watching another actor', () => {
  it.each<[string, Parameters<typeof offering>[0]]>([
    ['subscribe', { GO: { actions: ({ system }) => quietly(() => system.get('ear').subscribe(() => {})) } }],
    ['on', { GO: { actions: ({ system }) => quietly(() => system.get('ear').on('*', () => {})) } }],
    ['getAll', { GO: { actions: ({ system }) => quietly(() => system.getAll()) } }],
    ['inspect', { GO: { actions: ({ system }) => quietly(() => system.inspect(() => {})) } }],
    ['syncSnapshot', { GO: { actions: born(idle, { id: 'c', syncSnapshot: true }) } }],
  ])('is refused, also when the error is caught: %s', (name, on) => {
    expect(() => play(systemOf({ ear: listener, m: offering(on) }), 'm?GO')).toThrow(
      new RegExp(`actor 'm', on event 'GO'.*${name}`),
    );
  });

  it('is refused: onSnapshot', () => {
    const m = createMachine({ invoke: { src: idle, onSnapshot: {} } });
    expect(() => play(systemOf({ m }))).toThrow(/actor 'm', at its start.*onSnapshot/);
  });
});

describe('a machine', () => {
  it('that is made inside an action is refused', () => {
    const m = offering({
      GO: {
        actions: befriend(() => createMachine({ id: 'fresh' })),
      },
    });
    expect(() => play(systemOf({ m }), 'm?GO')).toThrow(/'m\/fresh' is made anew.*setup\(\{ actors \}\)/);
  });

  it('that is there twice under one id is refused rather than mistaken for the other', () => {
    const [a, b] = [createMachine({ id: 'same' }), createMachine({ id: 'same' })];
    const m = offering({ A: { actions: born(a, { id: 'a' }) }, B: { actions: born(b, { id: 'b' }) } });
    expect(() => play(systemOf({ m }), 'm?A m?B')).toThrow(/'m\/same'/);
  });

  it('that never comes to rest is refused', () => {
    const m = createMachine({ initial: 'a', states: { a: { always: 'b' }, b: { always: 'a' } } });
    expect(() => play(systemOf({ m }))).toThrow(/microsteps|Infinite loop/);
  });

  it('that fails while it is started names the actor and the error', () => {
    const entry = () => {
      throw new Error('boom');
    };
    expect(() => play(systemOf({ m: createMachine({ entry }) }))).toThrow(
      /actor 'm' failed while it was started: boom/,
    );
    expect(() => play(systemOf({ m: createMachine({ context: entry }) }))).toThrow(
      /actor 'm' failed while it was started: boom/,
    );
  });
});

describe('an asynchronous action', () => {
  it('is refused, with the actor and what to do', () => {
    const run = () => play(systemOf({ m: offering({ GO: { actions: async () => {} } }) }), 'm?GO');
    expect(run).toThrow(/actor 'm', on event 'GO': .* is asynchronous; .*send an event/);
  });
});
