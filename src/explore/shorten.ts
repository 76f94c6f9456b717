import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { minimised } from '../trace/minimise.js';
import { choiceNames } from '../trace/schedule.js';
import { Claims, type Finding, monitorsOf } from './claims.js';
import type { Violation } from './outcome.js';
import { type ReplayOptions, replay } from './replay.js';

/** After so many steps no shorter run is tried. */
const STEPS_MAX = 100_000;

/**
 * A run that violates the same property, with fewer steps, or as many with fewer switches between actors; the same when none
 * is found. Runs that go round for ever stay as they are. Determinism: the same run gives the same one.
 */
export function shortened(system: System, violation: Violation, options: ReplayOptions): Violation {
  const { property, schedule, loopAt } = violation;
  if (loopAt !== undefined || violation.shortest) return violation;
  let left = STEPS_MAX;
  const names = minimised(schedule.split(' '), (candidate) => {
    if (left <= 0) return undefined;
    left -= candidate.length;
    return takenUntil(property, system, candidate, options);
  });
  const run = names.join(' ');
  if (run === schedule) return violation;
  const { steps, findings } = replay(system, run, options);
  const finding = findings.find((found) => found.property === property && found.afterSteps === steps.length);
  return finding ? { ...violation, message: finding.message, schedule: run, steps } : violation;
}

/** The choices that fit, until the property is violated; `undefined` when it is not. */
function takenUntil(
  property: string,
  system: System,
  names: readonly string[],
  { properties = [], builtIn }: ReplayOptions,
): readonly string[] | undefined {
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
    state = world.step(state, choice);
    const { label } = world.stepper;
    if (isShown(claims.lookAtStep())) return taken;
    world.enabled(state);
    const place = { state: taken.length };
    if (isShown([...claims.lookAt(place.state), ...claims.lookAtArrival(place, label)])) return taken;
  }
  return undefined;
}
