import { BuiltInName, isBuiltInName } from '../property/builtInName.js';
import type { Property } from '../property/property.js';
import type { System } from '../runtime/system.js';
import type { BuiltIn } from './claims.js';
import { type Clock, drive, type Stop } from './drive.js';
import type { SavedFate, SavedResult, Statistics, Violation } from './outcome.js';
import { type Replay, type ReplayOptions, replaying } from './replay.js';
import { shortened } from './shorten.js';

/** A run that once violated a property of the system. */
export interface SavedRun {
  /** How an outcome calls it, e.g. the file that it was read from. */
  readonly name: string;
  readonly property: string;
  readonly schedule: string;
  readonly loopAt?: number;
}

/** What playing the saved runs again has shown. */
export interface Rechecked {
  /** Of each run, in order. Runs for a `reachable` property are left out: no single run can show that there is none. */
  readonly results: readonly SavedResult[];
  /** What is violated still: of each run the property that it was saved for, or else another. */
  readonly violations: readonly Violation[];
  readonly statistics: Pick<Statistics, 'states' | 'transitions' | 'depthMax' | 'xstateTransitions'>;
  /** Why not all runs were played. */
  readonly stoppedBy?: Stop;
}

/**
 * Plays saved runs again, until `violationsMax` of them have shown a violation, or the clock stops it.
 *
 * @throws UsageError as `replay` does
 */
export async function recheck(
  system: System,
  saved: readonly SavedRun[],
  options: ReplayOptions,
  violationsMax: number,
  clock: Clock,
): Promise<Rechecked> {
  const results: SavedResult[] = [];
  const violations: Violation[] = [];
  let stoppedBy: Stop | undefined;
  const statistics = { states: 0, transitions: 0, depthMax: 0, xstateTransitions: 0 };
  for (const { name, property, schedule, loopAt } of saved) {
    if (violations.length >= violationsMax) break;
    if (isAboutAllRuns(property, options.properties ?? [])) continue;
    const run = replaying(system, schedule, { ...options, ...(loopAt === undefined ? {} : { loopAt }) });
    const replayed = await drive(run, clock);
    if (typeof replayed === 'string') {
      stoppedBy = replayed;
      break;
    }
    const shown = violationOf(property, replayed, loopAt);
    results.push({
      name,
      property,
      ...(shown ? { now: 'violated' } : fateOf(property, replayed, options)),
    });
    statistics.states += replayed.states;
    statistics.transitions += replayed.steps.length;
    statistics.depthMax = Math.max(statistics.depthMax, replayed.steps.length);
    statistics.xstateTransitions += replayed.xstateTransitions;
    if (!shown) continue;
    const shorter = await shortened(system, shown, options, clock);
    violations.push(shorter.violation);
    stoppedBy = shorter.stoppedBy;
    if (stoppedBy) break;
  }
  return { results, violations, statistics, ...(stoppedBy ? { stoppedBy } : {}) };
}

function fateOf(
  property: string,
  { misfit }: Replay,
  { properties = [], builtIn = {} }: ReplayOptions,
): SavedFate {
  const isAsked = properties.some(({ name }) => name === property) || isSwitchedOn(property, builtIn);
  if (!isAsked) return { now: 'unasked' };
  return misfit ? { now: 'misfit', step: misfit.step, choice: misfit.choice } : { now: 'mended' };
}

function isSwitchedOn(name: string, { failures, unhandled, deadlock, mailbox }: BuiltIn): boolean {
  const off = [
    failures === false ? BuiltInName.failures : '',
    unhandled === false ? BuiltInName.unhandled : '',
    deadlock === false ? BuiltInName.deadlock : '',
    mailbox === false ? BuiltInName.mailbox : '',
  ];
  return isBuiltInName(name) && !off.includes(name);
}

function isAboutAllRuns(name: string, properties: readonly Property[]): boolean {
  return properties.some((property) => property.name === name && property.kind === 'reachable');
}

/** The run up to where it violates something. It was shortest once; whether it still is nobody knows. */
function violationOf(
  saved: string,
  { findings, steps, loop }: Replay,
  loopAt: number | undefined,
): Violation | undefined {
  const finding = findings.find(({ property }) => property === saved) ?? findings[0];
  if (!finding) return undefined;
  const { afterSteps, ...what } = finding;
  const taken = steps.slice(0, afterSteps);
  const violation = {
    ...what,
    schedule: taken.map(({ choice }) => choice).join(' '),
    shortest: false,
    steps: taken,
  };
  const isLoop = loop === 'closes' && afterSteps === steps.length && loopAt !== undefined;
  return isLoop ? { ...violation, loopAt } : violation;
}
