import { describe, expect, test } from 'vitest';
import {
  allocate,
  preempt,
  read,
  release,
  restart,
  threads,
  UsageError,
  until,
  write,
} from '../../src/index.js';
import { exploreAll } from './exploreAll.js';
import { type Bag, runAlone } from './programs.js';

/** What no world can reproduce ends the check with an error that names the thread and, where code is at work, the line. */

class Point {
  x = 1;
}

const promise = Promise.resolve();

function* nothing(): Generator<never, void, unknown> {}

const stores: Record<string, (memory: Bag) => unknown> = {
  'an instance of Point': (memory) => Object.assign(memory, { x: new Point() }),
  'an instance of Map': (memory) => Object.assign(memory, { x: { deep: new Map() } }),
  'an instance of Set': (memory) => memory['list'].push(new Set()),
  'an instance of Date': (memory) => Object.assign(memory, { x: new Date(0) }),
  'an instance of Promise': (memory) => Object.assign(memory, { x: promise }),
  'Promise.resolve() was called': (memory) => Object.assign(memory, { x: Promise.resolve() }),
  'a function': (memory) => Object.assign(memory, { x: () => 1 }),
  'a symbol': (memory) => Object.assign(memory, { x: Symbol('s') }),
  'an object with the key Symbol(s)': (memory) => Object.assign(memory, { x: { [Symbol('s')]: 1 } }),
  'an accessor': (memory) =>
    Object.assign(memory, {
      x: {
        get v() {
          return 1;
        },
      },
    }),
  'an array with a property': (memory) => Object.assign(memory, { x: Object.assign([1], { name: 'n' }) }),
  "'Symbol(s)' was set": (memory) => Object.assign(memory, { [Symbol('s')]: 1 }),
  "'name' was set on 'memory.list'": (memory) => Object.assign(memory['list'], { name: 1 }),
  'was frozen or sealed': (memory) => Object.freeze(memory),
  'the prototype of': (memory) => Object.setPrototypeOf(memory, null),
  'Date.now() was called': () => Date.now(),
  'new Date() was called': () => new Date(),
  'Math.random() was called': () => Math.random(),
  'setTimeout() was called': () => setTimeout(() => undefined, 1),
  'it wrote to an object that is frozen': (memory) => {
    const literal = { v: 1 };
    memory['x'] = literal;
    literal.v = 2;
  },
};

const memory = (): Bag => ({ x: 0, list: [] });

describe.each(Object.entries(stores))('%s', (message, deed) => {
  test('is refused, with thread and line', () => {
    const run = (): unknown =>
      runAlone(memory(), function* (shared) {
        yield* preempt();
        deed(shared);
      });
    expect(run).toThrow(UsageError);
    expect(run).toThrow(message);
    expect(run).toThrow(/^program@alone \(refusals\.test\.ts:\d+\): /);
  });

  // What V8 throws for a write to a frozen object cannot be told from the user's own errors once it is caught.
  if (message.includes('frozen')) return;
  test('cannot be hidden by try and catch', () => {
    const run = (): unknown =>
      runAlone(memory(), function* (shared) {
        yield* preempt();
        try {
          deed(shared);
        } catch {
          yield* preempt();
        }
      });
    expect(run).toThrow(message);
  });
});

describe('a routine that knows more than its memory', () => {
  const refusal =
    /program@alone \(refusals\.test\.ts:\d+\): run again .* depends on something that is not in memory/;

  test('is detected when it counts outside and writes the count', () => {
    let count = 0;
    const run = (): unknown =>
      runAlone({ x: 0 }, function* (shared) {
        yield* preempt();
        shared.x = count++;
      });
    expect(run).toThrow(refusal);
    expect(run).toThrow(/it writes memory\.x=\d+; before, it writes memory\.x=\d+/);
  });

  test('is detected when a count outside decides which cell it reads', () => {
    let count = 0;
    expect(() =>
      runAlone({ list: [1, 2, 3], out: 0 }, function* (shared) {
        yield* preempt();
        shared.out = shared.list[count++ % 3] ?? 0;
      }),
    ).toThrow(refusal);
  });

  test('is detected when a count outside decides where it waits', () => {
    let count = 0;
    expect(() =>
      runAlone({}, function* () {
        yield* preempt();
        if (count++ % 2 === 0) yield* preempt();
        yield* until(() => true);
      }),
    ).toThrow('depends on something that is not in memory');
  });

  test('is detected when it keeps an object of memory outside', () => {
    let kept: { v: number } | undefined;
    const program = threads({
      memory: { p: { v: 1 } as { v: number } | null, x: 0 },
      threads: {
        a: function* (shared) {
          kept = shared.p ?? undefined;
          yield* preempt();
        },
        b: function* (shared) {
          yield* preempt();
          shared.x = kept?.v ?? 0;
        },
      },
    });
    expect(() => exploreAll(program)).toThrow('which it did not get from memory');
  });

  test('is detected when the condition of an until assigns what the code behind it uses', () => {
    expect(() =>
      runAlone({ x: 1, y: 0 }, function* (shared) {
        let got = 0;
        yield* until(() => {
          got = shared.x;
          return got > 0;
        });
        shared.y = got;
      }),
    ).toThrow('what the condition of an until assigns is lost');
  });
});

describe('a point', () => {
  const throws = (run: (shared: Bag) => Generator<unknown, unknown, unknown>) =>
    expect(() => runAlone(memory(), run, ['m']));

  test('is what a thread yields, and nothing else', () => {
    throws(function* () {
      yield 3;
    }).toThrow('program@alone: at its first point it yielded something that is no point');
    throws(function* (shared) {
      yield* preempt();
      yield read(shared, 'x');
    }).toThrow("behind 'preempt' it yielded a generator that is no point; write yield* instead of yield");
  });

  test('needs an object of memory, a lock that exists, and a condition that only looks', () => {
    throws(function* () {
      yield* write({ x: 1 }, 'x', 2);
    }).toThrow(/\(refusals\.test\.ts:\d+\): write\(…, 'x'\) was given something that is not in memory/);
    throws(function* () {
      yield* release('n');
    }).toThrow(/\(refusals\.test\.ts:\d+\): there is no lock 'n'/);
    throws(function* (shared) {
      yield* until(() => {
        shared['x'] = 1;
        return true;
      });
    }).toThrow('the condition of an until wrote to memory.x');
    throws(function* () {
      yield* until(() => Boolean(allocate({})));
    }).toThrow('the condition of an until made an object');
  });

  test('must come some time', () => {
    throws(function* (shared) {
      while (shared['x'] === 0);
      yield* preempt();
    }).toThrow(/\(refusals\.test\.ts:\d+\): it made more than 100000 accesses without coming to a point/);
  });
});

describe('restart without return', () => {
  const says =
    /^program@alone \(refusals\.test\.ts:\d+\): restart\(\) does nothing by itself; write return restart\(…\)$/;

  test('is refused at the end', () => {
    const ends = (): unknown =>
      runAlone(memory(), function* (shared) {
        yield* write(shared, 'x', 1);
        restart();
      });
    expect(ends).toThrow(says);
  });

  test('is refused at the next point', () => {
    const goesOn = (): unknown =>
      runAlone(memory(), function* (shared) {
        if (shared['x'] === 0) restart();
        yield* write(shared, 'x', 1);
      });
    expect(goesOn).toThrow(says);
  });
});

describe('outside of a thread', () => {
  test('memory and points are refused', () => {
    let leaked: Bag = {};
    runAlone(memory(), function* (shared) {
      leaked = shared['list'];
      yield* preempt();
    });
    expect(() => leaked['length']).toThrow("'memory.list' was used outside of a thread");
    expect(() => allocate({})).toThrow('allocate() was called outside of a thread');
    expect(() => restart()).toThrow('restart() was called outside of a thread');
    expect(() => preempt().next()).toThrow('preempt() was called outside of a thread');
  });
});

describe('threads()', () => {
  test('refuses what it cannot run', () => {
    // Users of plain JavaScript get here.
    const refuses = (config: unknown) => expect(() => threads(config as Parameters<typeof threads>[0]));
    refuses({ memory: {}, threads: {} }).toThrow('no threads');
    refuses({ memory: {}, threads: { a: 1 } }).toThrow("the thread 'a' is no generator function");
    refuses({ memory: {}, threads: { a: async () => 1 } }).toThrow("the thread 'a' is no generator function");
    refuses({ memory: {}, threads: { a: async function* () {} } }).toThrow("'a' is no generator function");
    refuses({ memory: {}, threads: { 'a b': nothing } }).toThrow('the thread name "a b"');
    refuses({ memory: {}, threads: { a: { run: nothing, priority: NaN } } }).toThrow('the priority NaN');
    refuses({ memory: {}, threads: { a: nothing }, processors: 0 }).toThrow('processors: 0');
    refuses({ memory: {}, threads: { a: nothing }, locks: ['m', 'm'] }).toThrow('two locks of one name');
    refuses({ threads: { a: nothing } }).toThrow('memory is undefined');
    refuses({ memory: { x: [new Point()] }, threads: { a: nothing } }).toThrow(
      'memory.x[0] is an instance of Point',
    );
  });

  test('takes a function that gives a generator, and refuses one that does not when it starts', () => {
    function* add(shared: Bag, n: number): Generator<unknown, unknown, unknown> {
      shared['x'] += n;
      yield* preempt();
      return shared['x'] < 5 ? restart() : undefined;
    }
    expect(runAlone(memory(), (shared) => add(shared, 2)).context.memory).toMatchObject({ x: 6 });
    expect(() => runAlone(memory(), (() => 1) as unknown as typeof nothing)).toThrow(
      'program@alone: its code is no generator function',
    );
  });

  test('freezes the first content, so that code that forgets its parameter fails', () => {
    const first = { x: 0 };
    expect(() =>
      runAlone(first, function* () {
        yield* preempt();
        first.x = 1;
      }),
    ).toThrow('it wrote to an object that is frozen');
  });
});
