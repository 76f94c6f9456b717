import {
  mayBeFunction,
  mayBeSignal,
  mustBeOptions,
  type Names,
  shown,
  wholeNumber,
} from '../kernel/options.js';
import { now } from '../kernel/stopwatch.js';
import { UsageError } from '../kernel/usageError.js';
import { mustBeProperties, type Property } from '../property/property.js';
import type { Choice } from '../runtime/choice.js';
import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { tracePath } from '../trace/path.js';
import { type BuiltIn, Claims, monitorsOf } from './claims.js';
import { coverageOf } from './coverage.js';
import { type Clock, drive, type Stop } from './drive.js';
import { emptyNames } from './emptyNames.js';
import { type Endless, type Eventuality, type EventuallyEnd, EventuallySearch } from './eventually.js';
import { exhaustive } from './exhaustive.js';
import type { Outcome, Violation, Witness } from './outcome.js';
import { LastStepRead, type Place, PropertyFailure } from './propertyFailure.js';
import { type Rechecked, recheck, type SavedRun } from './savedRuns.js';
import { shortened } from './shorten.js';
import type { Found, Search, SearchCount, SearchEnd, SearchLimits, Strategy } from './strategy.js';

/** Where a check may stop before it has seen everything; without a bound it goes on until it has. */
export interface Bounds {
  /** Distinct states: a search that meets one more ends, and does not count it. */
  readonly states?: number;
  /** Steps from the initial state. */
  readonly depth?: number;
  readonly seconds?: number;
  /** How many violations are looked for. Default 1. */
  readonly violations?: number;
}

export interface CheckOptions {
  readonly properties?: readonly Property[];
  readonly builtIn?: BuiltIn;
  /** How to go through the schedules. Default `exhaustive()`. */
  readonly strategy?: Strategy;
  readonly bounds?: Bounds;
  readonly seed?: number;
  /** Runs that once violated something: they are played first, and if one still does, that is the outcome. */
  readonly saved?: readonly SavedRun[];
  /** Hears a few times a second how far the check has come. */
  readonly onProgress?: (count: SearchCount & { readonly seconds: number }) => void;
  /** Stops the check, which then says what it has. */
  readonly signal?: AbortSignal;
}

const BOUNDS = { states: true, depth: true, seconds: true, violations: true } satisfies Names<Bounds>;
const NOTHING_YET: SearchCount = { states: 0, transitions: 0, depth: 0, frontier: 0 };
const OPTIONS = {
  properties: true,
  builtIn: true,
  strategy: true,
  bounds: true,
  seed: true,
  saved: true,
  onProgress: true,
  signal: true,
} satisfies Names<CheckOptions>;

/**
 * Takes every schedule of a system and says what it found: a run that violates a property (by default a shortest one), or that
 * there is none.
 *
 * States are told apart by 64 bits of content hash; the outcome says how likely it is that this missed one. Determinism: without
 * `seconds` and `signal`, the same system and options give the same outcome, `statistics.seconds` aside.
 *
 * @throws UsageError when an option is out of range, two properties have one name, a property throws, or an actor does what no
 *   world can reproduce
 */
export async function check(system: System, options: CheckOptions = {}): Promise<Outcome> {
  mustBeOptions('the options of check', options, OPTIONS);
  const { properties = [], signal, onProgress, strategy = exhaustive(), bounds = {}, seed = 1 } = options;
  mustBeOptions('the bounds', bounds, BOUNDS);
  wholeNumber('the seed', seed, 0);
  if (typeof strategy?.begin !== 'function')
    throw new UsageError(`the strategy cannot be ${shown(strategy)}`, 'give exhaustive({ … })');
  mustBeProperties(properties);
  mayBeFunction('onProgress', onProgress);
  mayBeSignal('signal', signal);
  const limits = {
    states: bound('states', bounds.states),
    depth: bound('depth', bounds.depth),
    violations: bound('violations', bounds.violations ?? 1),
  };
  const secondsMax = bound('seconds', bounds.seconds);
  const started = now();
  const seconds = (): number => (now() - started) / 1000;
  const watching = { properties, ...(options.builtIn ? { builtIn: options.builtIn } : {}) };
  let count = (): SearchCount => NOTHING_YET;
  const onTurn = (): void => onProgress?.({ ...count(), seconds: seconds() });
  const clock: Clock = { signal, secondsMax, seconds, onTurn };
  const rechecked = await recheck(system, options.saved ?? [], watching, limits.violations, clock);
  if (rechecked.violations.length > 0 || rechecked.stoppedBy)
    return outcomeOfSaved(rechecked, seed, seconds());
  const stepwise = new Set<string>();
  let attempt = beginSearch(system, strategy, options, limits, stepwise);
  count = () => attempt.search.count;
  let end: SearchEnd | Stop;
  for (;;) {
    const result = await decided(() => drive(attempt.search.run(), clock), attempt.search);
    if (!(result instanceof LastStepRead)) {
      end = result;
      break;
    }
    // Some steps to states that were looked at before have gone by unseen: the search begins anew.
    stepwise.add(result.property);
    attempt = beginSearch(system, strategy, options, limits, stepwise);
  }
  const { world, claims, search } = attempt;
  const { states, transitions, depth } = search.count;
  const missing = end === 'exhausted' ? unreached(properties, claims) : [];
  const violations: Violation[] = [];
  for (const found of search.found) {
    const shorter = await shortened(system, violationOf(found.world ?? world, found), watching, clock);
    violations.push(shorter.violation);
    end = shorter.stoppedBy ?? end;
  }
  violations.push(...missing);
  for (const property of properties) {
    if (property.kind !== 'eventually' || violations.length >= limits.violations) continue;
    if (end === 'seconds' || end === 'abort') break;
    const result = await everComes(world, property, limits, clock);
    if (typeof result === 'object' && result.kind === 'violated')
      violations.push(violationOf(world, endless(property.name, result)));
    else if (end === 'exhausted') end = typeof result === 'object' ? result.kind : result;
  }
  const exhausted = end === 'exhausted';
  return {
    verdict: violations.length > 0 ? 'violated' : exhausted ? 'holds' : 'inconclusive',
    exhausted,
    ...(end === 'exhausted' || end === 'violations' ? {} : { stoppedBy: end }),
    strategy: search.strategy,
    seed,
    statistics: {
      states,
      transitions,
      runs: 0,
      depthMax: depth,
      seconds: seconds(),
      xstateTransitions: world.executions,
      omissionProbability: states ** 2 / 2 ** (search.fingerprintBits + 1),
    },
    violations,
    witnesses: witnessesOf(properties, claims, search, world),
    saved: rechecked.results,
    coverage: coverageOf(world),
    ...emptyNames(world, exhausted),
  };
}

/**
 * Saved runs that still violate something are reported at once, and so is that there was no time for all of them; nothing was
 * searched, so nothing is known of witnesses and coverage.
 */
function outcomeOfSaved(
  { results, violations, statistics, stoppedBy }: Rechecked,
  seed: number,
  seconds: number,
): Outcome {
  return {
    verdict: violations.length > 0 ? 'violated' : 'inconclusive',
    exhausted: false,
    ...(stoppedBy ? { stoppedBy } : {}),
    strategy: 'replay of saved counterexamples',
    seed,
    statistics: { ...statistics, runs: 0, seconds, omissionProbability: 0 },
    violations,
    witnesses: {},
    saved: results,
    coverage: {},
  };
}

/** Lets a search run; a property that throws is the user's misuse, and where it did so is told by the schedule. */
async function decided<T>(
  run: () => Promise<T>,
  search: Pick<Search, 'pathTo' | 'world'>,
): Promise<T | LastStepRead> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LastStepRead) return error;
    if (!(error instanceof PropertyFailure)) throw error;
    throw error.after(runTo(search.world, pathTo(search, error.place)).schedule);
  }
}

/** Decides whether every run comes to what a property says; begins anew when that turns out to speak of steps. */
async function everComes(
  world: World,
  property: Eventuality,
  limits: SearchLimits,
  clock: Clock,
  watchesSteps = false,
): Promise<EventuallyEnd | Stop> {
  const pass = new EventuallySearch(world, property, limits, watchesSteps);
  const result = await decided(() => drive(pass.run(), clock), {
    world,
    pathTo: (state) => pass.pathTo(state),
  });
  return result instanceof LastStepRead ? everComes(world, property, limits, clock, true) : result;
}

function pathTo(search: Pick<Search, 'pathTo'>, { state, choice }: Place): Choice[] {
  const path = search.pathTo(state);
  return choice === undefined ? path : [...path, choice];
}

function beginSearch(
  system: System,
  strategy: Strategy,
  { properties = [], builtIn }: CheckOptions,
  limits: SearchLimits,
  stepwise: ReadonlySet<string>,
): { readonly world: World; readonly claims: Claims; readonly search: Search } {
  const world = new World(system, monitorsOf(properties));
  world.stepper.labelsAll = stepwise.size > 0;
  const claims = new Claims(world, properties, builtIn, stepwise);
  return { world, claims, search: strategy.begin(world, claims, limits) };
}

function violationOf(
  world: World,
  { path, property, message, shortest, loopAt }: Found & Pick<Violation, 'loopAt'>,
): Violation {
  return { property, message, shortest, ...(loopAt === undefined ? {} : { loopAt }), ...runTo(world, path) };
}

function endless(property: string, { path, loopAt, message }: Endless): Found & Pick<Violation, 'loopAt'> {
  return {
    property,
    message,
    path,
    shortest: loopAt === undefined,
    ...(loopAt === undefined ? {} : { loopAt }),
  };
}

function runTo(world: World, path: readonly Choice[]): Pick<Violation, 'schedule' | 'steps'> {
  const steps = tracePath(world, path);
  return { schedule: steps.map(({ choice }) => choice).join(' '), steps };
}

function unreached(properties: readonly Property[], { witnesses }: Claims): Violation[] {
  return properties
    .filter((property) => property.kind === 'reachable' && property.required && !witnesses.has(property.name))
    .map(({ name }) => ({
      property: name,
      message: 'it is never reached, and is required',
      schedule: '',
      shortest: true,
      steps: [],
    }));
}

function witnessesOf(
  properties: readonly Property[],
  { witnesses }: Claims,
  search: Search,
  world: World,
): Record<string, Witness> {
  const named = properties
    .filter(({ kind }) => kind === 'reachable')
    .map(({ name }): [string, Witness] => {
      const place = witnesses.get(name);
      if (!place) return [name, { reached: false }];
      return [name, { reached: true, schedule: runTo(world, pathTo(search, place)).schedule }];
    });
  return Object.fromEntries(named);
}

function bound(name: string, value: number | undefined): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  if (typeof value === 'number' && value > 0 && (name === 'seconds' || Number.isSafeInteger(value)))
    return value;
  throw new UsageError(
    `the bound '${name}' is ${shown(value)}`,
    name === 'seconds' ? 'give a number above 0' : 'give a whole number from 1',
  );
}
