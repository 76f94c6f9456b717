import { Claims, type Finding, monitorsOf } from '../../../src/explore/claims.js';
import { ExhaustiveSearch } from '../../../src/explore/exhaustiveSearch.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import type { Search } from '../../../src/explore/strategy.js';
import type { System } from '../../../src/index.js';
import { present } from '../../../src/kernel/invariant.js';
import type { Property, StateProperty } from '../../../src/property/property.js';
import { World } from '../../../src/runtime/world.js';
import { WorldView } from '../../../src/runtime/worldView.js';
import type { Atom } from './atoms.js';

/** A state, as what can be said of it. */
interface Said {
  readonly quiescent: boolean;
  readonly values: readonly string[];
}

export interface Whole {
  readonly system: System;
  readonly monitors: readonly Property[];
  readonly atoms: readonly Atom[];
  readonly states: readonly Said[];
  readonly ends: readonly string[];
  readonly runs: number;
  /** What monitors and hosts have found in some state. */
  readonly found: readonly string[];
}

const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
const UNBOUNDED = { states: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY, violations: 1 };

/** All states of a system that is watched, and what may be asked of them; `undefined` when there are more than `statesMax`. */
export function wholeOf(
  system: System,
  atoms: readonly Atom[],
  statesMax: number,
  monitors: readonly Property[] = [],
): Whole | undefined {
  const world = new World(system, monitorsOf(monitors));
  const states: Said[] = [];
  const found = new Set<string>();
  const claims = silentClaims(world, monitors, found);
  const ends = collectEnds(world, claims, () => {
    const view = presentView(world);
    states.push({ quiescent: !world.finder.owed, values: atoms.map(({ of }) => of(view)) });
  });
  const limits = { ...UNBOUNDED, states: statesMax };
  if (runToEnd(new ExhaustiveSearch(world, claims, limits, 'bfs', 64)) !== 'exhausted') return undefined;
  const runs = world.tables.memo.size;
  return { system, monitors, atoms, states, ends: [...ends].sort(), runs, found: [...found].sort() };
}

/** What a search with reduction gets wrong, in words; and how many states it had. */
export function differences(
  whole: Whole,
  order: 'bfs' | 'dfs',
  rand: () => number,
  omissions: ReadonlySet<Omission>,
): { readonly wrong: readonly string[]; readonly states: number } {
  const int = (n: number): number => Math.floor(rand() * n);
  const wrong: string[] = [];
  const { system, monitors, atoms, states } = whole;

  const kinds = ['never', 'always'] as const;
  const claimed = Array.from({ length: 1 + int(2) }, (_, i) =>
    someProperty(whole, kinds[int(2)] ?? 'never', `claim ${i}`, int),
  );
  const wanted = Array.from({ length: int(3) }, (_, i) => someProperty(whole, 'reachable', `want ${i}`, int));
  const asked = new World(system, monitorsOf(monitors));
  const askedClaims = silentClaims(asked, [
    ...monitors,
    ...[...claimed, ...wanted].map(({ property }) => property),
  ]);
  const search = new ReducedSearch(asked, askedClaims, UNBOUNDED, order, 64, omissions);
  const end = runToEnd(search);
  if ((end === 'violations') !== claimed.some(({ isThere }) => isThere))
    wrong.push(`${claimed.map(({ text }) => text).join(', ')}: ${end}`);
  if (end === 'exhausted')
    for (const { property, isThere, text } of wanted)
      if (askedClaims.witnesses.has(property.name) !== isThere)
        wrong.push(`${text}: ${isThere ? 'no witness' : 'a witness'}`);

  const world = new World(system, monitorsOf(monitors));
  const found = new Set<string>();
  const claims = silentClaims(world, monitors, found);
  const ends = collectEnds(world, claims, () => {});
  const free = new ReducedSearch(world, claims, UNBOUNDED, order, 64, omissions);
  runToEnd(free);
  if ([...ends].sort().join() !== whole.ends.join())
    wrong.push(`${ends.size} quiescent states, not ${whole.ends.length}`);
  if (world.tables.memo.size !== whole.runs)
    wrong.push(`${world.tables.memo.size} local steps, not ${whole.runs}`);
  if ([...found].sort().join() !== whole.found.join())
    wrong.push(`${[...found].join() || 'nothing'} found, not ${whole.found.join() || 'nothing'}`);
  return {
    wrong: wrong.map((what) => `${what} (${order}, ${states.length} states, ${atoms.length} atoms)`),
    states: free.count.states,
  };
}

/** What may be said of a state; the terms are asked in order, and no more of them than it takes. */
type Formula =
  | { readonly at: number; readonly value: string }
  | { readonly not: Formula }
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] };

/** Says that a state is quiescent, as the place of an atom. */
const QUIESCENT = -1;

function isSo(formula: Formula, valueAt: (at: number) => string): boolean {
  if ('at' in formula) return valueAt(formula.at) === formula.value;
  if ('not' in formula) return !isSo(formula.not, valueAt);
  if ('all' in formula) return formula.all.every((term) => isSo(term, valueAt));
  return formula.any.some((term) => isSo(term, valueAt));
}

function saidAt({ quiescent, values }: Said, at: number): string {
  return at === QUIESCENT ? String(quiescent) : (values[at] ?? '');
}

/** One to four terms that are all so in some state, or some in one and some in another. */
function someFormula({ atoms, states }: Whole, int: (n: number) => number): Formula {
  const some = (): Said => present(states[int(states.length)], 'there is a state');
  const one = some();
  const other = int(3) === 0 ? some() : one;
  const literal = (said: Said): Formula => {
    const at = int(8) === 0 ? QUIESCENT : int(atoms.length);
    return { at, value: saidAt(said, at) };
  };
  const term = (said: Said): Formula => {
    const kind = int(6);
    if (kind === 0) return { any: [literal(some()), literal(said)] };
    if (kind === 1) return { any: [{ all: [literal(some()), literal(some())] }, literal(said)] };
    if (kind !== 2) return literal(said);
    const different = literal(some());
    return isSo(different, (at) => saidAt(said, at)) ? different : { not: different };
  };
  return { all: Array.from({ length: 1 + int(4) }, (_, i) => term(i === 0 ? one : other)) };
}

/** A property by a formula, and whether some state is as it seeks. */
function someProperty(
  whole: Whole,
  kind: 'never' | 'always' | 'reachable',
  name: string,
  int: (n: number) => number,
): { readonly property: StateProperty; readonly isThere: boolean; readonly text: string } {
  const { atoms, states } = whole;
  const formula = someFormula(whole, int);
  const isSought = kind !== 'always';
  const predicate = (view: WorldView): boolean =>
    isSo(formula, (at) => (at === QUIESCENT ? String(view.quiescent) : (atoms[at]?.of(view) ?? ''))) ===
    isSought;
  const property: StateProperty =
    kind === 'reachable' ? { kind, name, predicate, required: false } : { kind, name, predicate };
  const isThere = states.some((said) => isSo(formula, (at) => saidAt(said, at)));
  const text = JSON.stringify(formula, (key, value: unknown) =>
    key === 'at' ? (atoms[Number(value)]?.name ?? 'quiescent') : value,
  );
  return { property, isThere, text: `${kind} ${text}` };
}

/** The properties that hold of every sound system and are violated somewhere, by name, when a search goes on behind what it finds. */
export function violatedIn(system: System, reduction: boolean): string {
  const world = new World(system);
  const claims = new Claims(world, []);
  const violated = new Set<string>();
  const keep = (findings: readonly Finding[]): readonly Finding[] => {
    for (const { property } of findings) violated.add(property);
    return [];
  };
  const lookAt = claims.lookAt.bind(claims);
  const lookAtStep = claims.lookAtStep.bind(claims);
  claims.lookAt = (state) => keep(lookAt(state));
  claims.lookAtStep = () => keep(lookAtStep());
  runToEnd(
    reduction
      ? new ReducedSearch(world, claims, UNBOUNDED, 'bfs')
      : new ExhaustiveSearch(world, claims, UNBOUNDED, 'bfs', 64),
  );
  return [...violated].sort().join();
}

/** Claims that find nothing but what the properties say of states: data races and monitors are heard, and are no reason to stop. */
function silentClaims(world: World, properties: readonly Property[], heard = new Set<string>()): Claims {
  const claims = new Claims(world, properties, SILENT);
  const silent = new Set(['no data race', ...monitorsOf(properties).map(({ name }) => name)]);
  const lookAt = claims.lookAt.bind(claims);
  claims.lookAt = (state) =>
    lookAt(state).filter(({ property, message }) => {
      if (silent.has(property)) heard.add(`${property}: ${message}`);
      return !silent.has(property);
    });
  return claims;
}

/** How a search ends. */
export function runToEnd(search: Search): string {
  const steps = search.run();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The quiescent states that a search comes to, as texts; the set fills while it runs. */
function collectEnds(world: World, claims: Claims, look: () => void): Set<string> {
  const ends = new Set<string>();
  const lookAt = claims.lookAt.bind(claims);
  claims.lookAt = (state) => {
    look();
    if (!world.finder.owed) ends.add(stateText(world));
    return lookAt(state);
  };
  return ends;
}

/** The identities of all contents, which are the same in every world. */
function stateText({ stepper, layout, tables }: World): string {
  let [first, second] = [0, 0];
  for (let slot = 0; slot < layout.width; slot++) {
    const content = stepper.valueAt(slot);
    if (content === 0) continue;
    first ^= tables.contents.word(content, 0);
    second ^= tables.contents.word(content, 1);
  }
  return `${first} ${second}`;
}

function presentView(world: World): WorldView {
  const { finder, stepper } = world;
  return new WorldView(world, {
    reader: stepper,
    enabled: () => finder.enabled(),
    isQuiescent: () => !finder.owed,
  });
}
