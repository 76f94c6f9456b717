import { describe, expect, test } from 'vitest';
import {
  acquire,
  check,
  compareAndSwap,
  defineSystem,
  exhaustive,
  type Points,
  preempt,
  read,
  release,
  restart,
  simulate,
  threads,
  until,
  write,
} from '../../src/index.js';
import { runAlone } from './programs.js';

/** A point without `yield*` does nothing. A thread that comes to its end with one is refused, with the line; helpers are not. */

interface Shared {
  x: number;
}

type Code = (shared: Shared) => Generator<unknown, unknown, unknown>;

const run = (code: Code) => runAlone({ x: 0 }, code, ['m']);

function forgets(make: (shared: Shared) => unknown): Code {
  return function* (shared) {
    yield* preempt();
    make(shared);
    yield* preempt();
  };
}

describe('a point without yield*', () => {
  const made: Record<string, (shared: Shared) => unknown> = {
    "read(…, 'x')": (shared) => read(shared, 'x'),
    "write(…, 'x')": (shared) => write(shared, 'x', 1),
    "compareAndSwap(…, 'x')": (shared) => compareAndSwap(shared, 'x', 0, 1),
    "acquire('m')": () => acquire('m'),
    "release('m')": () => release('m'),
    'preempt()': () => preempt(),
    'until(…)': () => until(() => false),
  };

  test.each(Object.entries(made))('%s is refused, with thread and line', (name, make) => {
    expect(() => run(forgets(make))).toThrow(
      `): ${name} does nothing by itself; write yield* in front of it`,
    );
    expect(() => run(forgets(make))).toThrow(/^program@alone \(forgottenPoints\.test\.ts:\d+\): /);
  });

  test('is refused at a restart, and behind plain code that is a step of its own', () => {
    const forgot = 'does nothing by itself';
    expect(() =>
      run(function* (shared) {
        write(shared, 'x', 1);
        yield* preempt();
        return restart();
      }),
    ).toThrow(forgot);
    expect(() =>
      run(function* (shared) {
        yield* preempt();
        shared.x += 1;
        write(shared, 'x', 1);
      }),
    ).toThrow(forgot);
  });

  test('is named first when there are more', () => {
    expect(() =>
      run(function* (shared) {
        acquire('m');
        yield* write(shared, 'x', 1);
        release('m');
      }),
    ).toThrow("acquire('m')");
  });

  test('ends a loop that goes on for ever because of it', () => {
    expect(() =>
      run(function* (shared) {
        yield* preempt();
        while (read(shared, 'x') !== undefined);
      }),
    ).toThrow("read(…, 'x') does nothing by itself");
  });

  test('has no place in the condition of an until', () => {
    expect(() =>
      run(function* (shared) {
        yield* until(() => Boolean(read(shared, 'x')));
      }),
    ).toThrow('the condition of an until came to a point');
  });

  test('is refused outside of a thread as soon as it is made', () => {
    expect(() => preempt()).toThrow('preempt() was called outside of a thread');
  });

  test('is refused by searches and by runs', async () => {
    const a = function* (shared: Shared) {
      write(shared, 'x', 1);
      yield* preempt();
    };
    const program = threads({ memory: { x: 0 }, threads: { a } });
    const system = defineSystem({ name: 'forgetful', actors: { program: { logic: program } } });
    const says = /^program@a \(forgottenPoints\.test\.ts:\d+\): write\(…, 'x'\) does nothing by itself/;
    await expect(check(system)).rejects.toThrow(says);
    await expect(check(system, { strategy: exhaustive({ reduction: false }) })).rejects.toThrow(says);
    expect(() => simulate(system)).toThrow(says);
  });
});

describe('a point that begins later than it was made', () => {
  function* withLock<Result>(lock: string, body: Points<Result>): Points<Result> {
    yield* acquire(lock);
    const result = yield* body;
    yield* release(lock);
    return result;
  }

  function* backwards(...points: readonly Points<void>[]): Points<void> {
    for (const point of points.toReversed()) yield* point;
  }

  const legal: Record<string, Code> = {
    'in the same part': function* (shared) {
      const point = write(shared, 'x', 7);
      yield* point;
    },
    'behind another point': function* (shared) {
      const point = write(shared, 'x', 7);
      yield* preempt();
      yield* point;
    },
    'in a helper that begins others first': function* (shared) {
      yield* withLock('m', write(shared, 'x', 7));
    },
    'in another order': function* (shared) {
      yield* backwards(write(shared, 'x', 7), write(shared, 'x', 1));
    },
  };

  test.each(Object.entries(legal))('is done: %s', (_, code) => {
    const { status, context } = run(code);
    expect(status).toBe('done');
    expect(context.memory).toEqual({ x: 7 });
  });

  test('hides no failure before', () => {
    const end = run(function* (shared) {
      const point = write(shared, 'x', 7);
      if (shared.x === 0) throw new Error('not yet');
      yield* point;
    });
    expect(String(end.error)).toContain('not yet');
  });
});
