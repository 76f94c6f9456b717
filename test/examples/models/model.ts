/**
 * A system without actors: plain data, and every next state. It shares no code with `src/` and knows nothing of XState.
 */
export interface Model<S> {
  readonly first: S;
  /** One per step that is possible; equal ones count twice. */
  nexts(state: S): S[];
  /** Whether the state is one that the system's properties forbid. */
  isWrong(state: S, isStuck: boolean): boolean;
}

export interface Enumeration {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the nearest wrong state. */
  readonly shortest: number | undefined;
}

/** Writes every state into a Map by its text, nearest first; on request only as far as the first wrong one. */
export function enumerate<S>({ first, nexts, isWrong }: Model<S>, untilWrong = false): Enumeration {
  const depths = new Map([[JSON.stringify(first), 0]]);
  const queue = [first];
  let transitions = 0;
  let shortest: number | undefined;
  for (const state of queue) {
    const depth = depths.get(JSON.stringify(state)) ?? 0;
    const successors = nexts(state);
    transitions += successors.length;
    if (isWrong(state, successors.length === 0)) shortest ??= depth;
    if (untilWrong && shortest !== undefined) break;
    for (const next of successors) {
      const text = JSON.stringify(next);
      if (depths.has(text)) continue;
      depths.set(text, depth + 1);
      queue.push(next);
    }
  }
  return { states: depths.size, transitions, shortest };
}

/** The list with one element changed. */
export function changed<T>(list: readonly T[], index: number, change: (element: T) => T): T[] {
  return list.map((element, i) => (i === index ? change(element) : element));
}

/** 0, 1, … below a count. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
