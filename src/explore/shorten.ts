import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { minimised } from '../trace/minimise.js';
import { choiceNames } from '../trace/schedule.js';
import { Claims, type Finding, monitorsOf } from './claims.js';
import { type Clock, drive, type Stop } from './drive.js';
import type { Violation } from './outcome.js';
import { PropertyFailure } from './propertyFailure.js';
import { type ReplayOptions, replaying } from './replay.js';

/** After so many steps no shorter run is tried. */
const STEPS_MAX = 100_000;

/** A violation, and what stopped the attempts to find a shorter run that shows it. */
export interface Shortened {
  readonly violation: Violation;
  readonly stoppedBy?: Stop;
}

/** {@link shortening} as far as the clock allows: when it does not come to its end, the run stays as it is. */
export async function shortened(
  system: System,
  violation: Violation,
  options: ReplayOptions,
  clock: Clock,
): Promise<Shortened> {
  const shorter = await drive(shortening(system, violation, options), clock);
  return typeof shorter === 'string' ? { violation, stoppedBy: shorter } : { violation: shorter };
}

/**
 * A run that violates the same property, with fewer steps, or as many with fewer switches between actors; the same when none
 * is found. Runs that go round for ever stay as they are. Determinism: the same run gives the same one. Gives the word after each step
 * that is tried.
 */
function* shortening(
  system: System,
  violation: Violation,
  options: ReplayOptions,
): Generator<void, Violation, void> {
  const { property, schedule, loopAt } = violation;
  if (loopAt !== undefined || violation.shortest) return violation;
  let left = STEPS_MAX;
  const names = yield* minimised(schedule.split(' '), function* (candidate) {
    yield;
    if (left <= 0) return undefined;
    left -= candidate.length;
    try {
      return yield* takenUntil(property, system, candidate, options);
    } catch (error) {
      // Not the run that was found: it tells of a violation, which comes first.
      if (error instanceof PropertyFailure) return undefined;
      throw error;
    }
  });
  const run = names.join(' ');
  if (run === schedule) return violation;
  const { steps, findings } = yield* replaying(system, run, options);
  const finding = findings.find((found) => found.property === property && found.afterSteps === steps.length);
  return finding ? { ...violation, message: finding.message, schedule: run, steps } : violation;
}

/** The choices that fit, until the property is violated; `undefined` when it is not. */
function* takenUntil(
  property: string,
  system: System,
  names: readonly string[],
  { properties = [], builtIn }: ReplayOptions,
): Generator<void, readonly string[] | undefined, void> {
  const world = new World(system, monitorsOf(properties));
  world.stepper.labelsAll = true;
  const claims = new Claims(world, properties, builtIn, new Set(properties.map(({ name }) => name)));
  const isShown = (findings: readonly Finding[]): boolean =>
    findings.some((found) => found.property === property);
  const taken: string[] = [];
  let state = world.initial;
  world.enabled(state);
  if (isShown(claims.lookAt(0))) return taken;
  for (const name of names) {
    const { choices } = world.enabled(state);
    const choice = choices[choiceNames(world, state, choices).indexOf(name)];
    if (choice === undefined) continue;
    taken.push(name);
    yield;
    state = world.step(state, choice);
    const { label } = world.stepper;
    if (isShown(claims.lookAtStep())) return taken;
    world.enabled(state);
    const place = { state: taken.length };
    if (isShown([...claims.lookAt(place.state), ...claims.lookAtArrival(place, label)])) return taken;
  }
  return undefined;
}
