import type { Outcome, SavedResult, Violation } from '../explore/outcome.js';
import type { Replay } from '../explore/replay.js';
import type { Snapshot } from '../runtime/vocabulary.js';
import type { TraceStep } from '../trace/step.js';
import { timelineLines } from './timeline.js';

/**
 * An outcome as people read it: the verdict first; of each violation the run that shows it, step by step; what was found and
 * what was not; how much was looked at.
 */
export function reportLines(outcome: Outcome): string[] {
  return [
    verdictLine(outcome),
    ...outcome.violations.flatMap(violationLines),
    ...savedLines(outcome),
    ...witnessLines(outcome),
    ...emptyNameLines(outcome),
    ...coverageLines(outcome),
    '',
    statisticsLine(outcome),
  ];
}

function verdictLine({ verdict, exhausted, stoppedBy, violations }: Outcome): string {
  switch (verdict) {
    case 'holds':
      return 'holds: every schedule was taken, and nothing is wrong';
    case 'violated':
      return `violated: ${violations.length === 1 ? 'one violation' : `${violations.length} violations`}${exhausted ? '' : '; not every schedule was taken'}`;
    case 'inconclusive':
      return `inconclusive: nothing is wrong so far; ${WHY[stoppedBy ?? 'abort']}`;
  }
}

const WHY = {
  states: 'the bound on states was reached',
  depth: 'the bound on steps was reached',
  seconds: 'the time was up',
  abort: 'the search was interrupted',
} as const;

function violationLines({ property, message, steps, shortest, loopAt }: Violation): string[] {
  const run = runLines(steps, loopAt);
  const length = steps.length === 1 ? 'one step' : `${steps.length} steps`;
  const where =
    steps.length === 0
      ? 'in the initial state'
      : `after ${length}${shortest ? ', and no run is shorter' : ''}`;
  return ['', `${property}: ${message}, ${where}`, ...(run.length > 0 ? ['', ...run] : [])];
}

const LOOPS = {
  'does not close': 'the loop does not close any more',
  'is unfair': 'the loop closes, but somebody could step all along and never does: no fair run goes round it',
} as const;

/** A replay as people read it: the run, and whether it still violates the property. */
export function replayLines(property: string, replayed: Replay, loopAt?: number): string[] {
  const { steps, findings, misfit, loop } = replayed;
  const again = findings.find((finding) => finding.property === property);
  const others = findings.filter((finding) => finding.property !== property);
  return [
    ...runLines(steps, misfit ? undefined : loopAt),
    '',
    ...(misfit
      ? [
          `step ${misfit.step} does not fit any more: '${misfit.choice}' cannot happen there`,
          misfit.instead.length === 0 ? 'nothing can' : `what can: ${misfit.instead.join(' ')}`,
        ]
      : []),
    ...(loop && loop !== 'closes' ? [LOOPS[loop]] : []),
    ...(again ? [`violated again: ${property}: ${again.message}`] : []),
    ...(again || misfit ? [] : [`fits, and does not violate '${property}'`]),
    ...others.map((finding) => `violated: ${finding.property}: ${finding.message}`),
  ];
}

/** Numbered steps; a loop between two lines of its own. */
function runLines(steps: readonly TraceStep[], loopAt?: number): string[] {
  const digits = String(steps.length).length;
  return steps.flatMap((step, i) => {
    const [first = '', ...rest] = timelineLines(step);
    const number = `${String(i + 1).padStart(digits)}. `;
    const indent = ' '.repeat(number.length);
    const loop = i === loopAt ? ['from here on again and again:'] : [];
    const back = loopAt !== undefined && i === steps.length - 1 ? [`and back to step ${loopAt + 1}`] : [];
    return [...loop, number + first + changeText(step), ...rest.map((line) => indent + line), ...back];
  });
}

/** State before and after, of a state chart that went somewhere else; of parallel regions only those that did. */
function changeText({ before, after }: TraceStep): string {
  const changes = changesOf(stateOf(before), stateOf(after));
  return changes.length === 0 ? '' : `  [${changes.join(', ')}]`;
}

/** The state value while the actor lives, then how it ended. */
function stateOf(snapshot: Snapshot<unknown> | undefined): unknown {
  if (!snapshot) return undefined;
  if (snapshot.status !== 'active') return snapshot.status;
  return 'value' in snapshot ? snapshot.value : undefined;
}

function changesOf(before: unknown, after: unknown, path = ''): string[] {
  if (after === undefined) return [];
  if (isRegions(before) && isRegions(after) && sameKeys(before, after)) {
    return Object.keys(after).flatMap((key) => changesOf(before[key], after[key], `${path}${key}.`));
  }
  const [was, is] = [before === undefined ? 'unstarted' : valueText(before), valueText(after)];
  return was === is ? [] : [`${path}${was} ⇒ ${is}`];
}

function isRegions(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function sameKeys(a: object, b: object): boolean {
  return Object.keys(a).join() === Object.keys(b).join();
}

/** A state value in the dots and braces of XState's `toStrings`, parallel regions in one line. */
function valueText(value: unknown): string {
  if (!isRegions(value)) return String(value);
  const regions = Object.entries(value).map(([key, inner]) => {
    const below = valueText(inner);
    return below === '{}' ? key : `${key}.${below}`;
  });
  return regions.length === 1 ? String(regions[0]) : `{${regions.join(', ')}}`;
}

/** What became of the counterexamples that were played first. */
function savedLines({ saved }: Outcome): string[] {
  return saved.length === 0 ? [] : ['', ...saved.map(savedLine)];
}

function savedLine(result: SavedResult): string {
  switch (result.now) {
    case 'violated':
      return `saved, and violated still: ${result.name}; nothing else was looked at`;
    case 'mended':
      return `saved, and mended: ${result.name} fits and violates nothing any more`;
    case 'unasked':
      return `saved, and not asked any more: ${result.name} violates '${result.property}', and the system has no such property; name it as it was, or remove the file`;
    case 'misfit':
      return `saved, and mended: ${result.name} does not fit any more: '${result.choice}' cannot happen at step ${result.step}`;
  }
}

function witnessLines({ witnesses, exhausted }: Outcome): string[] {
  const lines = Object.entries(witnesses).map(([name, { reached, schedule }]) => {
    if (!reached) return `${exhausted ? 'not reached' : 'not reached so far'}: ${name}`;
    const steps = schedule === undefined || schedule === '' ? 0 : schedule.split(' ').length;
    return `reached: ${name}, after ${counted(steps, 'step')}`;
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Names that mean nobody and nothing. */
function emptyNameLines({
  unknownAddresses = [],
  unknownStates = [],
  unseenEvents = [],
  exhausted,
}: Outcome): string[] {
  const addresses = unknownAddresses.map(
    ({ property, address }) =>
      `property '${property}' asked for '${address}', which no actor ${exhausted ? 'was ever called' : 'was called so far'}`,
  );
  const states = unknownStates.map(({ property, address, asked }) =>
    'matches' in asked
      ? `property '${property}' asked whether '${address}' is in '${valueText(asked.matches)}', and its machine has no such state`
      : `property '${property}' asked whether '${address}' has the tag '${asked.hasTag}', and no state of its machine has it`,
  );
  const events = unseenEvents.map(
    ({ property, event }) => `monitor '${property}' waits for '${event}', which no step ever was`,
  );
  const lines = [...addresses, ...states, ...events];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** How many names of a kind a line shows. */
const NAMES_MAX = 3;

/**
 * A line for each row of the coverage that has gaps; what lies in a state that was never entered is not named again. None when
 * the search stopped at a violation, before most of it.
 */
function coverageLines({ coverage, verdict, exhausted }: Outcome): string[] {
  if (verdict === 'violated' && !exhausted) return [];
  const lines = Object.entries(coverage).flatMap(([row, { states, transitions, events }]) => {
    const isStarted = states.entered.length > 0 || events.handled.length > 0;
    if (!isStarted && states.neverEntered.length > 0) return [`  ${row}: never started`];
    const fromEntered = transitions.neverFired.filter(
      (transition) => !states.neverEntered.some((state) => transition.startsWith(`${state}: `)),
    );
    const gaps = [
      ...gapText('never in', states.neverEntered, ', '),
      ...gapText('never took', fromEntered, ' | '),
      ...gapText('never got', events.neverSent, ', '),
    ];
    return gaps.length === 0 ? [] : [`  ${row}: ${gaps.join('; ')}`];
  });
  const title = `what ${exhausted ? 'never happens' : 'has not happened so far'} (all of it with --json):`;
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function gapText(verb: string, names: readonly string[], separator: string): string[] {
  if (names.length === 0) return [];
  const more = names.length > NAMES_MAX ? `${separator}and ${names.length - NAMES_MAX} more` : '';
  return [`${verb} ${names.slice(0, NAMES_MAX).join(separator)}${more}`];
}

function statisticsLine({ statistics }: Outcome): string {
  const { states, transitions, depthMax, seconds, xstateTransitions, omissionProbability } = statistics;
  return [
    counted(states, 'state'),
    counted(transitions, 'transition'),
    `depth ${depthMax}`,
    `XState ran ${counted(xstateTransitions, 'time')}`,
    `${seconds.toFixed(2)} s`,
    `a state was missed with probability ${omissionProbability.toExponential(0)} at most`,
  ].join(', ');
}

/** How many of something there are, e.g. `1 state` and `1,020 states`. */
function counted(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? '' : 's'}`;
}

/** A whole number with a comma every three digits. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
