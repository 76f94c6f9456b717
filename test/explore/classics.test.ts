import { describe, expect, it } from 'vitest';
import { defineSystem, type LogicSource, never, type Property } from '../../src/index.js';
import {
  doubleChecked,
  lockFreeStack,
  lostUpdate,
  publicationByFlag,
  publicationBySwap,
  twoLocks,
} from '../routine/classicPrograms.js';
import { exploreNaively } from '../routine/naiveThreads.js';
import { asLogic, type Instruction, type SmallProgram } from '../routine/smallProgram.js';
import { everyState } from './everyState.js';

/** Mistakes that everybody makes once, and their clean twins, as `check` sees them. */

/** What is wrong, and after how many steps at least. */
async function found(logic: LogicSource, properties: readonly Property[] = [], violationsMax = 1) {
  const system = defineSystem({ name: 'classic', actors: { program: { logic } } });
  const { verdict, violations } = await everyState(system, {
    properties,
    bounds: { violations: violationsMax },
  });
  expect(violations.length > 0).toBe(verdict === 'violated');
  return violations.map(({ property, message, steps }) => ({ property, message, steps: steps.length }));
}

describe('check', () => {
  it('finds that plain increments race, and that a lock keeps them apart', async () => {
    expect(await found(lostUpdate(false))).toMatchObject([{ property: 'no data race', steps: 4 }]);
    expect(await found(lostUpdate(true))).toEqual([]);
  });

  const unready = never('an object is seen that is not ready', (world) =>
    world.snapshot('program')?.context.memory.seen.includes(0),
  );
  it('finds the object that double-checked locking publishes too early', async () => {
    const properties = (await found(doubleChecked(false), [unready], 100)).map(({ property }) => property);
    expect(new Set(properties)).toEqual(new Set(['no data race', unready.name]));
    expect(await found(doubleChecked(true), [unready])).toEqual([]);
  });

  const both = never('a node is popped and on the stack', (world) => {
    const { top, popped } = world.snapshot('program')?.context.memory ?? { top: null, popped: [] };
    return world.quiescent && top !== null && popped.includes(top);
  });
  it('finds the node that came back in a lock-free stack (ABA), and not with a tag', async () => {
    expect(await found(lockFreeStack(false), [both])).toMatchObject([{ property: both.name }]);
    expect(await found(lockFreeStack(true), [both])).toEqual([]);
  });

  it('finds the deadlock of two locks in opposite orders', async () => {
    expect(await found(twoLocks(['m', 'l']))).toMatchObject([{ property: 'no deadlock', steps: 4 }]);
    expect(await found(twoLocks(['l', 'm']))).toEqual([]);
  });

  it('finds no race in publication by compare-and-swap or by an atomic flag, and one by a plain flag', async () => {
    expect(await found(publicationBySwap())).toEqual([]);
    expect(await found(publicationByFlag(true))).toEqual([]);
    const [violation] = await found(publicationByFlag(false));
    expect(violation).toMatchObject({ property: 'no data race' });
    expect(violation?.message).toContain('memory.ready');
  });
});

const point = (op: 'read' | 'write', cell: 'x' | 'y' | 'z', value = 1): Instruction =>
  op === 'read' ? { op, cell } : { op, cell, value };
const lock = (op: 'acquire' | 'release', name: 'l' | 'm'): Instruction => ({ op, lock: name });
const program = (...threads: readonly (readonly Instruction[])[]): SmallProgram => ({
  threads: threads.map((code) => ({ code, restarts: false })),
});

/** The same mistakes in the words of the naive interpreter, which counts states on its own. */
const small: readonly (readonly [string, SmallProgram, string | undefined])[] = [
  [
    'a plain update',
    program(
      [{ op: 'preempt' }, { op: 'plainRead', cell: 'x' }, { op: 'plainStore', cell: 'x' }],
      [{ op: 'preempt' }, { op: 'plainRead', cell: 'x' }, { op: 'plainStore', cell: 'x' }],
    ),
    'no data race',
  ],
  [
    'a locked update',
    program(
      [
        lock('acquire', 'l'),
        { op: 'plainRead', cell: 'x' },
        { op: 'plainStore', cell: 'x' },
        lock('release', 'l'),
      ],
      [
        lock('acquire', 'l'),
        { op: 'plainRead', cell: 'x' },
        { op: 'plainStore', cell: 'x' },
        lock('release', 'l'),
      ],
    ),
    undefined,
  ],
  [
    'two locks in opposite orders',
    program(
      [lock('acquire', 'l'), lock('acquire', 'm'), lock('release', 'm'), lock('release', 'l')],
      [lock('acquire', 'm'), lock('acquire', 'l'), lock('release', 'l'), lock('release', 'm')],
    ),
    'no deadlock',
  ],
  [
    'two locks in one order',
    program(
      [lock('acquire', 'l'), lock('acquire', 'm'), lock('release', 'm'), lock('release', 'l')],
      [lock('acquire', 'l'), lock('acquire', 'm'), lock('release', 'm'), lock('release', 'l')],
    ),
    undefined,
  ],
  [
    'publication by an atomic flag',
    program(
      [{ op: 'plainWrite', cell: 'x', value: 1 }, point('write', 'y')],
      [
        { op: 'until', cell: 'y', value: 1 },
        { op: 'plainRead', cell: 'x' },
      ],
    ),
    undefined,
  ],
  [
    'publication by a plain flag',
    program(
      [
        { op: 'plainWrite', cell: 'x', value: 1 },
        { op: 'preempt' },
        { op: 'plainWrite', cell: 'y', value: 1 },
      ],
      [
        { op: 'until', cell: 'y', value: 1 },
        { op: 'plainRead', cell: 'x' },
      ],
    ),
    'no data race',
  ],
  [
    'a claim by compare-and-swap',
    program(
      [
        { op: 'swap', cell: 'x', expected: 0, value: 1 },
        { op: 'skip', count: 1 },
        { op: 'plainWrite', cell: 'y', value: 1 },
      ],
      [
        { op: 'swap', cell: 'x', expected: 0, value: 1 },
        { op: 'skip', count: 1 },
        { op: 'plainWrite', cell: 'y', value: 1 },
      ],
    ),
    undefined,
  ],
  [
    'store buffering with atomic accesses',
    program([point('write', 'x'), point('read', 'y')], [point('write', 'y'), point('read', 'x')]),
    undefined,
  ],
];

describe('a small program', () => {
  it.each(small)('%s has the verdict and the states of the naive interpreter', async (_, text, property) => {
    const logic = asLogic(text, 'violation');
    const [violation] = await found(logic);
    expect(violation?.property).toBe(property);
    const naive = exploreNaively(text, 'split');
    expect(exploreNaively(text, 'accesses').racy).toBe(property === 'no data race');
    const whole = await everyState(defineSystem({ name: 'small', actors: { program: { logic } } }), {
      builtIn: { deadlock: false },
      bounds: { violations: 1_000 },
    });
    expect(whole.exhausted).toBe(true);
    expect(whole.statistics.states).toBe(naive.states);
  });
});
