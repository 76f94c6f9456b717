import { type Chart, chartOf, isInternal, meansType } from '../runtime/chart.js';
import { isHosted } from '../runtime/host.js';
import { isMachine, type LogicSource } from '../runtime/logic.js';
import { Visits } from '../runtime/visits.js';
import type { World } from '../runtime/world.js';

/** What the actors of one row did in the states that were looked at, and what they never did. Names are those of a chart. */
export interface ActorCoverage {
  /** States by path, e.g. `moving.up`; of threads their points, e.g. `writer: write memory.x`. */
  readonly states: { readonly entered: readonly string[]; readonly neverEntered: readonly string[] };
  /** Transitions as `<state>: <event> [<guard>] → <targets>`. */
  readonly transitions: { readonly fired: readonly string[]; readonly neverFired: readonly string[] };
  readonly events: {
    /** Types that some transition took; timeouts of the machine's own are transitions, not events. */
    readonly handled: readonly string[];
    /** Types that came and that no transition ever took. */
    readonly ignored: readonly string[];
    /** What some transition waits for and what never came. */
    readonly neverSent: readonly string[];
  };
}

/**
 * Coverage by row. A top-level actor is a row, named by its address. All children that one row's actors have of one logic are a
 * row together, named `<row>/<key of the logic in setup>`: what one pin of five never did is no gap when another did it.
 */
export type Coverage = Readonly<Record<string, ActorCoverage>>;

/**
 * What was covered by all the steps that a world has taken so far, the start included.
 *
 * Cost: one look at each logic; nothing was counted while stepping (see `Visits`). Children whose logic is named in
 * `setup({ actors })` of a row and that were never spawned are rows too, with nothing entered.
 */
export function coverageOf(world: World): Coverage {
  const { logics } = world.tables;
  const declared = [...world.system.actors.keys()];
  const known = logics.all.map(({ name, source, visits }) => ({ name, source, visits }));
  const started = new Set(known.map(({ name }) => name));
  const missing = known.flatMap(({ name, source }) =>
    declaredChildren(source)
      .map(([key, child]) => ({ name: `${name}/${key}`, source: child, visits: new Visits() }))
      .filter((row) => !started.has(row.name)),
  );
  const place = (name: string): number => declared.indexOf(name.split('/', 1)[0] ?? '');
  const rows = [...known, ...missing].sort(
    (a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1),
  );
  return Object.fromEntries(
    rows.map(({ name, source, visits }) => [name, rowOf(world, name, source, visits)]),
  );
}

function declaredChildren(source: LogicSource): [string, LogicSource][] {
  if (isHosted(source) || !isMachine(source)) return [];
  const { actors } = source.implementations;
  return Object.entries(actors).map(([key, actor]) => [key, 'src' in actor ? actor.src : actor]);
}

function rowOf(world: World, name: string, source: LogicSource, visits: Visits): ActorCoverage {
  const { handled, ignored } = visits;
  const events = {
    handled: [...handled].filter((type) => !isInternal(type)).sort(),
    ignored: [...ignored].filter((type) => !handled.has(type) && !isInternal(type)).sort(),
    neverSent: [],
  };
  const transitions = { fired: [], neverFired: [] };
  if (isHosted(source)) return { states: pointsOf(world, name), transitions, events };
  if (!isMachine(source)) return { states: { entered: [], neverEntered: [] }, transitions, events };
  return {
    ...chartCoverage(chartOf(source), visits),
    events: { ...events, neverSent: neverSent(source, visits) },
  };
}

function pointsOf(world: World, logic: string): ActorCoverage['states'] {
  const points = world.hosts.all.flatMap((entry) => (entry.logic === logic ? [entry.host.visited?.()] : []));
  const entered = new Set(points.flatMap((visited) => visited?.entered ?? []));
  const never = new Set(points.flatMap((visited) => visited?.neverEntered ?? []));
  return {
    entered: [...entered].sort(),
    neverEntered: [...never].filter((point) => !entered.has(point)).sort(),
  };
}

function chartCoverage(chart: Chart, visits: Visits): Pick<ActorCoverage, 'states' | 'transitions'> {
  // The first microstep of all is the one that XState does not report.
  const entered =
    visits.states.size === 0 ? new Set<string>() : new Set([...visits.states, ...chart.initial]);
  const names = (has: boolean): string[] =>
    chart.states.filter(({ id }) => entered.has(id) === has).map(({ name }) => name);
  const transitions = (has: boolean): string[] =>
    chart.transitions.filter(({ key }) => visits.transitions.has(key) === has).map(({ name }) => name);
  return {
    states: { entered: names(true), neverEntered: names(false) },
    transitions: { fired: transitions(true), neverFired: transitions(false) },
  };
}

/**
 * What a machine waits for and what never came, sorted. A descriptor whose transition has fired was met, if only by an event that
 * the machine raised itself.
 */
export function neverSent(
  source: Parameters<typeof chartOf>[0],
  { handled, ignored, transitions }: Visits,
): string[] {
  const came = [...handled, ...ignored];
  const waited = new Map<string, boolean>();
  for (const { key, event } of chartOf(source).transitions) {
    if (event === undefined) continue;
    const isMet = transitions.has(key) || came.some((type) => meansType(event, type));
    waited.set(event, isMet || waited.get(event) === true);
  }
  return [...waited].flatMap(([event, isMet]) => (isMet ? [] : [event])).sort();
}
