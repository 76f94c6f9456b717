import { Claims } from '../../../src/explore/claims.js';
import { ExhaustiveSearch } from '../../../src/explore/exhaustiveSearch.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import type { Search } from '../../../src/explore/strategy.js';
import { never, type System } from '../../../src/index.js';
import type { Property } from '../../../src/property/property.js';
import { World } from '../../../src/runtime/world.js';
import { WorldView } from '../../../src/runtime/worldView.js';

/** One thing that can be said of a state. */
interface Atom {
  readonly name: string;
  readonly of: (view: WorldView) => string;
}

/** A state, as what can be said of it. */
interface Said {
  readonly quiescent: boolean;
  readonly values: readonly string[];
}

export interface Whole {
  readonly system: System;
  readonly atoms: readonly Atom[];
  readonly states: readonly Said[];
  readonly ends: readonly string[];
  readonly runs: number;
}

const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
const UNBOUNDED = { states: Number.POSITIVE_INFINITY, depth: Number.POSITIVE_INFINITY, violations: 1 };

/** All states of a system, and what may be asked of them; `undefined` when there are more than `statesMax`. */
export function wholeOf(system: System, atoms: readonly Atom[], statesMax: number): Whole | undefined {
  const world = new World(system);
  const states: Said[] = [];
  const claims = silentClaims(world, []);
  const ends = collectEnds(world, claims, () => {
    const view = presentView(world);
    states.push({ quiescent: !world.finder.owed, values: atoms.map(({ of }) => of(view)) });
  });
  const limits = { ...UNBOUNDED, states: statesMax };
  if (runToEnd(new ExhaustiveSearch(world, claims, limits, 'bfs', 64)) !== 'exhausted') return undefined;
  return { system, atoms, states, ends: [...ends].sort(), runs: world.tables.memo.size };
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
  const { system, atoms, states } = whole;

  const claim = someClaim(whole, int);
  const asked = new World(system);
  const search = new ReducedSearch(
    asked,
    silentClaims(asked, [claim.property]),
    UNBOUNDED,
    order,
    64,
    omissions,
  );
  const end = runToEnd(search);
  const isThere = states.some((state) => claim.holds(state));
  if ((end === 'violations') !== isThere) wrong.push(`${claim.property.name}: ${end}`);

  const world = new World(system);
  const claims = silentClaims(world, []);
  const ends = collectEnds(world, claims, () => {});
  const free = new ReducedSearch(world, claims, UNBOUNDED, order, 64, omissions);
  runToEnd(free);
  if ([...ends].sort().join() !== whole.ends.join())
    wrong.push(`${ends.size} quiescent states, not ${whole.ends.length}`);
  if (world.tables.memo.size !== whole.runs)
    wrong.push(`${world.tables.memo.size} local steps, not ${whole.runs}`);
  return {
    wrong: wrong.map((what) => `${what} (${order}, ${states.length} states, ${atoms.length} atoms)`),
    states: free.count.states,
  };
}

/** A claim about one to three things, as they are in some state, or some in one and some in another. */
function someClaim(
  { atoms, states }: Whole,
  int: (n: number) => number,
): { property: Property; holds: (said: Said) => boolean } {
  const one = states[int(states.length)] ?? states[0];
  const other = int(3) === 0 ? states[int(states.length)] : one;
  const chosen = Array.from({ length: 1 + int(3) }, (_, i) => {
    const from = (i === 0 ? one : other) ?? one;
    if (int(6) === 0 || !from) return { name: 'quiescent', at: -1, value: String(from?.quiescent) };
    const at = int(atoms.length);
    return { name: atoms[at]?.name ?? '', at, value: from.values[at] ?? '' };
  });
  const property = never(chosen.map(({ name, value }) => `${name} is ${value}`).join(' and '), (view) =>
    chosen.every(({ at, value }) => (at === -1 ? String(view.quiescent) : atoms[at]?.of(view)) === value),
  );
  const holds = ({ quiescent, values }: Said): boolean =>
    chosen.every(({ at, value }) => (at === -1 ? String(quiescent) : values[at]) === value);
  return { property, holds };
}

/** Claims that find nothing but what the properties say: a data race is no reason to stop. */
function silentClaims(world: World, properties: readonly Property[]): Claims {
  const claims = new Claims(world, properties, SILENT);
  const lookAt = claims.lookAt.bind(claims);
  claims.lookAt = (state) => lookAt(state).filter(({ property }) => property !== 'no data race');
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

/** What may be asked of actors at these addresses. */
export function actorAtoms(addresses: readonly string[]): Atom[] {
  return addresses.flatMap((address): Atom[] => [
    {
      name: `state of ${address}`,
      of: (view) => String(view.snapshot(address)?.value ?? view.snapshot(address)?.status),
    },
    {
      name: `mail of ${address}`,
      of: (view) =>
        view
          .mailbox(address)
          .map(({ type }) => type)
          .join(),
    },
    {
      name: `timers of ${address}`,
      of: (view) =>
        view
          .timers(address)
          .map(({ remaining }) => remaining)
          .join(),
    },
  ]);
}

/** What may be asked of cells of a thread program's memory. */
export function memoryAtoms(address: string, cells: readonly string[]): Atom[] {
  return cells.map((cell) => ({
    name: cell,
    of: (view) => String(view.snapshot(address)?.context.memory[cell]),
  }));
}

/** What may be asked of cells of a minidriver's device extension. */
export function extensionAtoms(address: string, cells: readonly string[]): Atom[] {
  return cells.map((cell) => ({
    name: cell,
    of: (view) => String(view.snapshot(address)?.context?.HwDeviceExtension?.[cell]),
  }));
}
