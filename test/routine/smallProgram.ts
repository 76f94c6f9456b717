import fc from 'fast-check';
import {
  acquire,
  compareAndSwap,
  preempt,
  read,
  release,
  restart,
  threads,
  until,
  write,
} from '../../src/index.js';

/** One instruction of a small program. Every thread has a register, first 0. */
export type Instruction =
  | { readonly op: 'write' | 'plainWrite'; readonly cell: Cell; readonly value: number }
  /** into the register */
  | { readonly op: 'read' | 'plainRead'; readonly cell: Cell }
  /** the register to the cell */
  | { readonly op: 'plainStore'; readonly cell: Cell }
  /** 1 or 0 into the register */
  | { readonly op: 'swap'; readonly cell: Cell; readonly expected: number; readonly value: number }
  | { readonly op: 'until'; readonly cell: Cell; readonly value: number }
  | { readonly op: 'acquire' | 'release'; readonly lock: Lock }
  | { readonly op: 'preempt' }
  /** a new object that holds the register */
  | { readonly op: 'allocate'; readonly cell: Reference }
  /** what the object holds into the register, 0 without an object */
  | { readonly op: 'follow'; readonly cell: Reference }
  /** skips as many instructions when the register is 0 */
  | { readonly op: 'skip'; readonly count: number };

export type Cell = 'x' | 'y' | 'z';
export type Reference = 'p' | 'q';
export type Lock = 'l' | 'm';

export interface Thread {
  readonly code: readonly Instruction[];
  /** Whether it begins anew at its end. */
  readonly restarts: boolean;
}

export interface SmallProgram {
  readonly threads: readonly Thread[];
}

const POINTS = new Set(['write', 'read', 'swap', 'until', 'acquire', 'release', 'preempt']);

export function isPoint({ op }: Instruction): boolean {
  return POINTS.has(op);
}

/** Who runs when there are fewer processors than threads. */
export interface Scheduling {
  readonly processors: number;
  /** By thread; 0 for those behind the last one. */
  readonly priorities: readonly number[];
}

/** The same program as code of the routine host; without a scheduling all threads run at once. */
export function asLogic(
  { threads: all }: SmallProgram,
  races: 'violation' | 'ignore',
  { processors, priorities }: Scheduling = { processors: all.length, priorities: [] },
) {
  const named = all.map(
    (thread, i) => [`t${i}`, { priority: priorities[i] ?? 0, run: body(thread) }] as const,
  );
  return threads<Shared>({
    memory: { x: 0, y: 0, z: 0, p: null, q: null },
    locks: ['l', 'm'],
    races,
    processors,
    threads: Object.fromEntries(named),
  });
}

interface Shared {
  x: number;
  y: number;
  z: number;
  p: { v: number } | null;
  q: { v: number } | null;
}

function body({ code, restarts }: Thread) {
  return function* (memory: Shared) {
    let register = 0;
    for (let at = 0; at < code.length; at++) {
      const now = code[at] ?? { op: 'preempt' };
      switch (now.op) {
        case 'write':
          yield* write(memory, now.cell, now.value);
          break;
        case 'read':
          register = yield* read(memory, now.cell);
          break;
        case 'swap':
          register = (yield* compareAndSwap(memory, now.cell, now.expected, now.value)) ? 1 : 0;
          break;
        case 'until':
          yield* until(() => memory[now.cell] === now.value);
          break;
        case 'acquire':
          yield* acquire(now.lock);
          break;
        case 'release':
          yield* release(now.lock);
          break;
        case 'preempt':
          yield* preempt();
          break;
        case 'plainWrite':
          memory[now.cell] = now.value;
          break;
        case 'plainStore':
          memory[now.cell] = register;
          break;
        case 'plainRead':
          register = memory[now.cell];
          break;
        case 'allocate':
          memory[now.cell] = { v: register };
          break;
        case 'follow':
          register = memory[now.cell]?.v ?? 0;
          break;
        case 'skip':
          if (register === 0) at += now.count;
      }
    }
    return restarts ? restart() : undefined;
  };
}

const cell = fc.constantFrom<Cell>('x', 'y', 'z');
const reference = fc.constantFrom<Reference>('p', 'q');
const lock = fc.constantFrom<Lock>('l', 'm');
const value = fc.nat({ max: 1 });

const point: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({ op: fc.constant('write' as const), cell, value }),
  fc.record({ op: fc.constant('read' as const), cell }),
  fc.record({ op: fc.constant('swap' as const), cell, expected: value, value }),
  fc.record({ op: fc.constant('until' as const), cell, value }),
  fc.record({ op: fc.constant('acquire' as const), lock }),
  fc.record({ op: fc.constant('release' as const), lock }),
  fc.constant({ op: 'preempt' as const }),
);

const access: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({ op: fc.constant('plainWrite' as const), cell, value }),
  fc.record({ op: fc.constant('plainRead' as const), cell }),
  fc.record({ op: fc.constant('plainStore' as const), cell }),
  fc.record({ op: fc.constant('skip' as const), count: fc.integer({ min: 1, max: 2 }) }),
);

const allocation: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({ op: fc.constant('allocate' as const), cell: reference }),
  fc.record({ op: fc.constant('follow' as const), cell: reference }),
);

/** Programs of two or three threads with up to six instructions each. */
export const anyProgram: fc.Arbitrary<SmallProgram> = programs(
  fc.oneof(point, access, allocation),
  fc.oneof({ arbitrary: fc.constant(false), weight: 5 }, { arbitrary: fc.constant(true), weight: 1 }),
);

/** One or two processors for them, and priorities, or as many processors as threads. */
export const anyScheduling: fc.Arbitrary<Scheduling | undefined> = fc.option(
  fc.record({
    processors: fc.integer({ min: 1, max: 2 }),
    priorities: fc.array(fc.nat({ max: 2 }), { minLength: 3, maxLength: 3 }),
  }),
  { nil: undefined, freq: 2 },
);

/** The same without allocations and restarts: what `shared/feasibility/race-fuzz.mjs` makes. */
export const racyProgram: fc.Arbitrary<SmallProgram> = programs(fc.oneof(point, access), fc.constant(false));

function programs(
  instruction: fc.Arbitrary<Instruction>,
  restarts: fc.Arbitrary<boolean>,
): fc.Arbitrary<SmallProgram> {
  const code = fc.array(instruction, { minLength: 1, maxLength: 6 }).map(withHeldLocks);
  const thread = fc.record({ code, restarts });
  return fc.record({ threads: fc.array(thread, { minLength: 2, maxLength: 3 }) });
}

/** Drops releases of what is surely not held, and ends with releasing, so that most programs get far. */
function withHeldLocks(code: readonly Instruction[]): readonly Instruction[] {
  const held = new Set<Lock>();
  const kept = code.filter((now) => {
    if (now.op === 'acquire') held.add(now.lock);
    return now.op !== 'release' || held.delete(now.lock);
  });
  return [...kept, ...[...held].map((name) => ({ op: 'release' as const, lock: name }))];
}
