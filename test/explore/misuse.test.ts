import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { check } from '../../src/explore/check.js';
import { exhaustive } from '../../src/explore/exhaustive.js';
import { replay } from '../../src/explore/replay.js';
import { simulate } from '../../src/explore/simulate.js';
import { UsageError } from '../../src/kernel/usageError.js';
import { always, eventually, never, reachable } from '../../src/property/property.js';
import { until } from '../../src/routine/operation.js';
import { threads } from '../../src/routine/threads.js';
import { defineSystem } from '../../src/runtime/system.js';

/** What code without types may give. */
// biome-ignore lint/suspicious/noExplicitAny: the claims are about values of wrong types
type Wrong = any;

const program = threads({ memory: { x: 0 }, threads: { a: function* () {} } });
const system = defineSystem({ name: 'small', actors: { program: { logic: program } } });
const holds = never('x', () => false);
const wrong = (value: unknown): Wrong => value;

/** What is given, and what the error says of it. */
const OPTIONS: readonly [unknown, string][] = [
  [null, 'the options of check cannot be null'],
  [{ property: [holds] }, "the options of check cannot have 'property'; what there is: properties, "],
  [{ properties: holds }, 'the properties are no list of properties'],
  [{ properties: [() => true] }, 'the properties are no list of properties'],
  [{ properties: [{ kind: 'sometimes', name: 'b' }] }, 'the properties are no list of properties'],
  [{ properties: [holds, holds] }, "two properties are called 'x'"],
  [
    { properties: [never('no deadlock', () => false)] },
    "a property is called 'no deadlock', like one that is built in; give it a name of its own",
  ],
  [{ onProgress: 5 }, 'onProgress is 5; give a function, or leave it out'],
  [{ signal: true }, 'signal is true; give the signal of an AbortController'],
  [{ strategy: 'dfs' }, 'the strategy cannot be "dfs"; give exhaustive({ … })'],
  [{ bounds: 5 }, 'the bounds cannot be 5'],
  [
    { bounds: { state: 5 } },
    "the bounds cannot have 'state'; what there is: states, depth, seconds, violations",
  ],
  [{ bounds: { states: '5' } }, `the bound 'states' is "5"`],
  [{ bounds: { seconds: '5' } }, `the bound 'seconds' is "5"; give a number above 0`],
  [{ seed: 'x' }, 'the seed is "x"; use a whole number, 0 or more'],
  [{ builtIn: { deadlocks: false } }, "builtIn cannot have 'deadlocks'"],
  [{ builtIn: { deadlock: 'no' } }, 'builtIn.deadlock is "no"; give true or false'],
  [{ builtIn: { mailbox: 0 } }, 'builtIn.mailbox is 0; use a whole number, 1 or more'],
  [{ saved: [{}] }, 'the schedule is undefined'],
];

describe('what code without types gives wrong', () => {
  it.each(OPTIONS)('check refuses the options %j', async (options, says) => {
    const error = await check(system, wrong(options)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(says);
  });

  it.each([undefined, null, 'camera', { name: 'x', actors: {} }])('%j is no system', async (given) => {
    const says = /^UsageError: a system cannot be .*; make one: defineSystem/;
    expect(String(await check(wrong(given)).catch((thrown: unknown) => thrown))).toMatch(says);
    for (const play of [() => simulate(wrong(given)), () => replay(wrong(given), '')])
      expect(play).toThrow(UsageError);
  });

  it.each([never, always, reachable, eventually])('%o needs a name and a question', (property) => {
    expect(() => property(wrong(undefined), () => true)).toThrow('a property is called undefined; name it: ');
    expect(() => property(' ', () => true)).toThrow('a property is called " "');
    expect(() => property('x', wrong(undefined))).toThrow('the property "x" asks undefined');
    expect(() =>
      property(
        'x',
        wrong(async () => true),
      ),
    ).toThrow('the property "x" asks an async function');
  });

  it.each([never, always, reachable, eventually])(
    '%o needs an answer at once, of the world',
    async (property) => {
      const says = async (answer: unknown): Promise<string> =>
        String(
          await check(system, { properties: [property('x', wrong(answer))] }).catch(
            (error: unknown) => error,
          ),
        );
      const later = Promise.resolve(false);
      expect(await says(() => later)).toContain(
        "the property 'x': it answers with a promise; let it answer at once",
      );
      expect(await says(() => Math.random() > 2)).toContain("the property 'x': Math.random() was called; ");
    },
  );

  it('refuses options that are none, wherever they are given', () => {
    expect(() => exhaustive(wrong({ orders: 'dfs' }))).toThrow(
      "the options of exhaustive cannot have 'orders'",
    );
    expect(() => exhaustive(wrong({ reduction: 'no' }))).toThrow('the reduction cannot be "no"');
    expect(() => reachable('x', () => true, wrong({ require: true }))).toThrow("cannot have 'require'");
    expect(() => simulate(system, wrong({ seeds: 1 }))).toThrow(
      "the options of simulate cannot have 'seeds'",
    );
    expect(() => simulate(system, wrong({ onStep: 5 }))).toThrow(
      'onStep is 5; give a function, or leave it out',
    );
    expect(() => simulate(system, wrong({ signal: {} }))).toThrow('signal is an object');
    expect(() => replay(system, '', wrong({ loop: 1 }))).toThrow("the options of replay cannot have 'loop'");
    expect(() => defineSystem(wrong({ name: 'x', actors: { a: { logic: program, inputs: 1 } } }))).toThrow(
      "the actor 'a' of system 'x' cannot have 'inputs'; what there is: logic, input",
    );
    const body = function* () {};
    expect(() => threads(wrong({ memory: {}, threads: { a: body }, races: 'warn' }))).toThrow(
      `threads() was given races: "warn"; use 'violation' or 'ignore'`,
    );
    expect(() => threads(wrong({ memory: {}, threads: { a: body }, locks: 'm' }))).toThrow(
      'no list of names',
    );
  });

  it('replay takes a schedule with any white space, and no loop that lies outside of it', () => {
    expect(replay(system, ' \tprogram@a\n').steps).toHaveLength(1);
    expect(() => replay(system, wrong(5))).toThrow('the schedule is 5; give its choices in one text');
    for (const loopAt of [-1, 1, 0.5])
      expect(() => replay(system, 'program@a', { loopAt })).toThrow('and the schedule has 1');
  });

  it('a property cannot write into the tags of a state', async () => {
    const machine = setup({}).createMachine({ initial: 'a', states: { a: { tags: ['idle'] } } });
    const tagged = defineSystem({ name: 'tagged', actors: { one: { logic: machine } } });
    const writes = never('writes', (world) => world.snapshot('one')?.tags.add('x') === undefined);
    await expect(check(tagged, { properties: [writes] })).rejects.toThrow('add() was called on a value');
  });

  it.each(['yes', 1, null])('a machine is strict or not, and nothing like %j', async (strict) => {
    const logic = setup({}).createMachine({ meta: wrong({ strict }), entry: [] });
    const system = defineSystem({ name: 'half', actors: { one: { logic } } });
    const says = `the machine 'one' has meta.strict: ${JSON.stringify(strict)}; write true or false`;
    await expect(check(system)).rejects.toThrow(says);
  });

  it('a condition of an until answers at once', async () => {
    const waits = threads({
      memory: { x: 0 },
      threads: {
        a: function* () {
          yield* until(wrong(async () => false));
        },
      },
    });
    const waiting = defineSystem({ name: 'waits', actors: { program: { logic: waits } } });
    await expect(check(waiting)).rejects.toThrow('the condition of an until answers with a promise');
  });
});
