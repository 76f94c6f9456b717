import {
  type Cell,
  type Instruction,
  isPoint,
  type Lock,
  type Reference,
  type SmallProgram,
} from './smallProgram.js';

/**
 * A second, naive truth about small programs: states are plain objects that are copied, known by their text, and threads are
 * instructions with a counter. It shares no code with `src/`.
 *
 * A thread is what it has read (`log`), as in architecture 5.2. How much is one step is a parameter: `segments` run from point
 * to point; `split` makes the plain code behind a point a step of its own if it touches memory; `accesses` makes every access
 * a step, which is what a data race is defined by.
 */
export type Grain = 'segments' | 'split' | 'accesses';

type Value = number | string | null;

interface NaiveThread {
  phase: 'start' | 'point' | 'plain' | 'finished';
  at: number;
  register: number;
  log: Value[];
}

interface NaiveState {
  cells: Record<Cell, number> & Record<Reference, string | null>;
  /** Objects by name. */
  heap: Record<string, number>;
  locks: Record<Lock, number | null>;
  threads: NaiveThread[];
  failed: boolean;
}

export interface NaiveResult {
  readonly states: number;
  /** Texts of the states in which nothing can step, sorted. */
  readonly ends: readonly string[];
  readonly racy: boolean;
}

export function exploreNaively(program: SmallProgram, grain: Grain): NaiveResult {
  const first: NaiveState = {
    cells: { x: 0, y: 0, z: 0, p: null, q: null },
    heap: {},
    locks: { l: null, m: null },
    threads: program.threads.map(() => ({ phase: 'start', at: 0, register: 0, log: [] })),
    failed: false,
  };
  const seen = new Set([JSON.stringify(first)]);
  const ends = new Set<string>();
  const queue = [first];
  let racy = false;
  for (const state of queue) {
    const able = program.threads.map((_, t) => t).filter((t) => canStep(program, state, t));
    racy ||= !state.failed && hasRace(program, state);
    if (able.length === 0) ends.add(endText(state));
    for (const t of able) {
      const next = structuredClone(state);
      step(program, next, t, grain);
      collect(next);
      const key = JSON.stringify(next);
      if (!seen.has(key)) {
        seen.add(key);
        queue.push(next);
      }
    }
  }
  return { states: seen.size, ends: [...ends].sort(), racy };
}

/** What an end looks like from outside, whoever explored. */
function endText({ cells, heap, locks, threads, failed }: NaiveState): string {
  const at = (name: string | null): unknown => (name === null ? null : { v: heap[name] });
  const memory = { x: cells.x, y: cells.y, z: cells.z, p: at(cells.p), q: at(cells.q) };
  const waiting = threads.map(({ phase }) => phase !== 'finished');
  return JSON.stringify({ memory, same: cells.p !== null && cells.p === cells.q, locks, waiting, failed });
}

function canStep(program: SmallProgram, state: NaiveState, t: number): boolean {
  const { phase, now } = whereIs(program, state, t);
  if (state.failed || phase === 'finished') return false;
  if (phase !== 'point') return true;
  if (now?.op === 'acquire') return state.locks[now.lock] === null;
  return now?.op !== 'until' || state.cells[now.cell] === now.value;
}

function whereIs(program: SmallProgram, state: NaiveState, t: number) {
  const thread = state.threads[t];
  if (!thread) throw new Error(`there is no thread ${t}`);
  const { code = [], restarts = false } = program.threads[t] ?? {};
  return { thread, phase: thread.phase, now: code[thread.at], code, restarts };
}

function step(program: SmallProgram, state: NaiveState, t: number, grain: Grain): void {
  const { thread, phase, now, code } = whereIs(program, state, t);
  if (phase === 'point' && now) {
    execute(state, t, now);
    if (state.failed) return finish(thread);
    if (grain !== 'segments' && touchesAhead(program, state, t)) {
      thread.phase = 'plain';
      return;
    }
  }
  for (let next = code[thread.at]; next && !isPoint(next); next = code[thread.at]) {
    execute(state, t, next);
    if (grain === 'accesses' && touchesAhead(program, state, t)) {
      thread.phase = 'plain';
      return;
    }
  }
  thread.phase = 'point';
  if (code[thread.at]) return;
  if (whereIs(program, state, t).restarts)
    Object.assign(thread, { phase: 'start', at: 0, register: 0, log: [] });
  else finish(thread);
}

function finish(thread: NaiveThread): void {
  Object.assign(thread, { phase: 'finished', at: 0, register: 0, log: [] });
}

/** Whether an access comes before the next point; skips are done on the way. */
function touchesAhead(program: SmallProgram, state: NaiveState, t: number): boolean {
  const { thread, code } = whereIs(program, state, t);
  for (let next = code[thread.at]; next?.op === 'skip'; next = code[thread.at]) execute(state, t, next);
  const next = code[thread.at];
  return next !== undefined && !isPoint(next);
}

function execute(state: NaiveState, t: number, now: Instruction): void {
  const thread = state.threads[t];
  if (!thread) throw new Error(`there is no thread ${t}`);
  thread.at++;
  const learn = (value: number): void => {
    thread.register = value;
    thread.log.push(value);
  };
  switch (now.op) {
    case 'write':
    case 'plainWrite':
      state.cells[now.cell] = now.value;
      return;
    case 'plainStore':
      state.cells[now.cell] = thread.register;
      return;
    case 'read':
    case 'plainRead':
      return learn(state.cells[now.cell]);
    case 'swap': {
      const fits = state.cells[now.cell] === now.expected;
      if (fits) state.cells[now.cell] = now.value;
      return learn(fits ? 1 : 0);
    }
    case 'acquire':
      state.locks[now.lock] = t;
      return;
    case 'release':
      if (state.locks[now.lock] === t) state.locks[now.lock] = null;
      else state.failed = true;
      return;
    case 'allocate': {
      let k = 0;
      while (`t${t}#${k}` in state.heap) k++;
      state.heap[`t${t}#${k}`] = thread.register;
      thread.log.push(`t${t}#${k}`);
      state.cells[now.cell] = `t${t}#${k}`;
      return;
    }
    case 'follow': {
      const name = state.cells[now.cell];
      thread.log.push(name);
      thread.register = name === null ? 0 : (state.heap[name] ?? 0);
      if (name !== null) thread.log.push(thread.register);
      return;
    }
    case 'skip':
      if (thread.register === 0) thread.at += now.count;
  }
}

/** Forgets objects that neither memory nor a log mentions. */
function collect(state: NaiveState): void {
  const mentioned = new Set<Value>([
    state.cells.p,
    state.cells.q,
    ...state.threads.flatMap(({ log }) => log),
  ]);
  const kept = Object.entries(state.heap).filter(([name]) => mentioned.has(name));
  state.heap = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** With every access a step: whether the next accesses of two threads touch one cell, one writes, and not both are atomic. */
function hasRace(program: SmallProgram, state: NaiveState): boolean {
  const ahead = program.threads.flatMap((_, t) => {
    const { now, phase } = whereIs(program, state, t);
    const may = canStep(program, state, t) || (phase === 'point' && now?.op === 'until');
    const access = may && now ? accessOf(now, state) : undefined;
    return access ? [access] : [];
  });
  return ahead.some((a, i) =>
    ahead.slice(i + 1).some((b) => a.cell === b.cell && (a.writes || b.writes) && !(a.atomic && b.atomic)),
  );
}

function accessOf(
  now: Instruction,
  { cells }: NaiveState,
): { cell: string; writes: boolean; atomic: boolean } | undefined {
  switch (now.op) {
    case 'swap':
      return { cell: now.cell, writes: cells[now.cell] === now.expected, atomic: true };
    case 'write':
      return { cell: now.cell, writes: true, atomic: true };
    case 'read':
    case 'until':
      return { cell: now.cell, writes: false, atomic: true };
    case 'plainWrite':
    case 'plainStore':
      return { cell: now.cell, writes: true, atomic: false };
    case 'plainRead':
      return { cell: now.cell, writes: false, atomic: false };
    default:
      return undefined;
  }
}
