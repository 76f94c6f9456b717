import { mustBeOptions, type Names, shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import { type HostedLogic, hosting } from '../runtime/host.js';
import { freezeInitialMemory } from './initialMemory.js';
import type { Operation } from './point.js';
import type { ThreadDeclaration, ThreadsProgram } from './program.js';
import { ThreadHost } from './threadHost.js';

/** Code of a thread: a generator function over the memory, alone or with a priority. */
export type ThreadBody<M> = (memory: M) => Generator<Operation, unknown, unknown>;

/** What a user says about a program of threads. */
export interface ThreadsConfig<M extends object> {
  /** The first content of memory: plain data. The threads get it as a recorded proxy. */
  readonly memory: M;
  /** Names of locks, all free at the start. */
  readonly locks?: readonly string[];
  /** How many threads can run at once. Default: all of them. */
  readonly processors?: number;
  /** By name; the order is the order of steps in reports. */
  readonly threads: Readonly<
    Record<string, ThreadBody<M> | { readonly priority?: number; readonly run: ThreadBody<M> }>
  >;
  /** Whether data races are looked for (default), which makes plain code that touches memory a step of its own. */
  readonly races?: 'violation' | 'ignore';
}

const NAMES = {
  memory: true,
  locks: true,
  processors: true,
  threads: true,
  races: true,
} satisfies Names<ThreadsConfig<object>>;
const RACES = ['violation', 'ignore'];
const NAME = /^[^\s!?@~#/]+$/u;

/**
 * An actor logic made of plain generator code over shared memory (architecture 5.2): every `yield*` is a scheduling point.
 * A point without `yield*` does nothing; a thread that ends with one is refused.
 *
 * @example
 * threads({ memory: { x: 0 }, threads: { writer: function* (memory) { yield* write(memory, 'x', 42); } } })
 * @throws UsageError when a thread is no generator function, or a name or number cannot be used
 */
export function threads<M extends object>(config: ThreadsConfig<M>): HostedLogic {
  mustBeOptions('the argument of threads', config, NAMES);
  const declared = Object.entries(config.threads ?? {});
  if (declared.length === 0)
    throw new UsageError('threads() was given no threads', 'name at least one in { threads: { … } }');
  const program: ThreadsProgram = {
    memory: freezeInitialMemory(config.memory),
    locks: [...(config.locks ?? [])],
    processors: config.processors ?? declared.length,
    threads: declared.map(([name, body]) => declaration(name, body)),
    races: config.races ?? 'violation',
  };
  if (!Number.isInteger(program.processors) || program.processors < 1) {
    throw new UsageError(
      `threads() was given processors: ${program.processors}`,
      'use a whole number, 1 or more',
    );
  }
  if (!RACES.includes(program.races)) {
    throw new UsageError(`threads() was given races: ${shown(program.races)}`, "use 'violation' or 'ignore'");
  }
  if (!Array.isArray(config.locks ?? []) || program.locks.some((lock) => typeof lock !== 'string'))
    throw new UsageError(`threads() was given locks that are no list of names`, "write locks: ['m']");
  if (new Set(program.locks).size !== program.locks.length) {
    throw new UsageError('threads() was given two locks of one name', 'name each lock once');
  }
  return { [hosting]: (site) => new ThreadHost(site, program) };
}

function declaration<M>(
  name: string,
  body: ThreadBody<M> | { readonly priority?: number; readonly run: ThreadBody<M> },
): ThreadDeclaration {
  if (!NAME.test(name)) {
    throw new UsageError(
      `the thread name ${JSON.stringify(name)} cannot be part of a schedule`,
      'leave out white space and ! ? @ ~ # /',
    );
  }
  const { priority = 0, run } = typeof body === 'function' ? { run: body } : (body ?? {});
  const kind = Object.prototype.toString.call(run);
  if (typeof run !== 'function' || kind.startsWith('[object Async')) {
    throw new UsageError(
      `the thread '${name}' is no generator function`,
      'write function* (memory) { … }, or { priority, run }',
    );
  }
  if (!Number.isFinite(priority)) {
    throw new UsageError(`the thread '${name}' has the priority ${priority}`, 'use a number, e.g. 1');
  }
  // The host hands a thread its memory, and whatever the thread itself gave to restart().
  return { name, priority, run: run as ThreadDeclaration['run'] };
}
