import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { CHOICES_PER_KIND, type Choice, ChoiceKind, packChoice } from './choice.js';
import type { Hosts } from './hosts.js';
import { Slot } from './layout.js';
import type { Recorder } from './recorder.js';
import { isRunning } from './snapshots.js';
import type { Stepper } from './stepper.js';
import type { Tables } from './tables.js';
import type { TimerMode } from './timers.js';

/** What can happen next in a state. */
export interface Enabled {
  /** In canonical order: by actor, and of one actor the message, then timers, threads, offers. */
  readonly choices: readonly Choice[];
  /** No message, timer, thread or expected offer can step (architecture 4.1). */
  readonly quiescent: boolean;
}

/**
 * Finds what can happen next in the state that a stepper has turned to.
 *
 * Messages: every running actor with mail, or that has not started. Timers by mode: `ordered`, those of the earliest deadline
 * in the world, one of each actor (the one armed first); `urgent`, the same and only when there is no message to take; `free`,
 * all. Offers: those of the active states that have a budget left and would be taken.
 */
export function enabled(
  tables: Tables,
  recorder: Recorder,
  hosts: Hosts,
  stepper: Stepper,
  mode: TimerMode,
): Enabled {
  const choices: Choice[] = [];
  let owed = false;
  const earliest = mode === 'free' ? 0 : earliestDeadline(tables, stepper);
  const threads = hosts.any ? threadChoices(tables, hosts, stepper) : NO_THREADS;
  const timersWait =
    mode === 'urgent' &&
    (threads.size > 0 || tables.actors.places.some((place) => hasMessage(tables, stepper, place)));
  for (const place of tables.actors.inOrder) {
    const { index } = place;
    const snapshot = stepper.contentOf(Slot.snapshot, index);
    if (snapshot === 0) continue;
    const record = tables.snapshots.get(snapshot);
    if (!isRunning(record.status)) continue;
    if (hasMessage(tables, stepper, place)) {
      choices.push(packChoice(index, ChoiceKind.message, 0));
      owed = true;
    }
    if (!timersWait) {
      const timers = tables.timers.timers(stepper.contentOf(Slot.timers, index));
      const ready = mode === 'free' ? timers.length : timers[0]?.remaining === earliest ? 1 : 0;
      for (let i = 0; i < ready; i++) choices.push(packChoice(index, ChoiceKind.timer, checked(i, place)));
      if (ready > 0) owed = true;
    }
    for (const thread of threads.get(index) ?? []) {
      choices.push(packChoice(index, ChoiceKind.thread, thread));
      owed = true;
    }
    record.offers.forEach((offer, i) => {
      if (tables.budgets.left(stepper.contentOf(Slot.budget, index), offer) <= 0) return;
      if (!recorder.wouldTake(snapshot, offer.message, stepper)) return;
      choices.push(packChoice(index, ChoiceKind.offer, checked(i, place)));
      if (offer.expected) owed = true;
    });
  }
  return { choices, quiescent: !owed };
}

const NO_THREADS: ReadonlyMap<ActorIndex, readonly number[]> = new Map();

function threadChoices(
  tables: Tables,
  hosts: Hosts,
  stepper: Stepper,
): ReadonlyMap<ActorIndex, readonly number[]> {
  const found = new Map<ActorIndex, readonly number[]>();
  for (const { index } of tables.actors.places) {
    const snapshot = stepper.contentOf(Slot.snapshot, index);
    const record = snapshot === 0 ? undefined : tables.snapshots.get(snapshot);
    if (record?.status !== 'active') continue;
    const choices = hosts.of(record)?.choices(stepper) ?? [];
    if (choices.length > 0) found.set(index, choices);
  }
  return found;
}

function hasMessage(tables: Tables, stepper: Stepper, { index }: ActorPlace): boolean {
  const snapshot = stepper.contentOf(Slot.snapshot, index);
  if (snapshot === 0) return false;
  return (
    tables.snapshots.get(snapshot).status === 'unstarted' || stepper.contentOf(Slot.mailbox, index) !== 0
  );
}

function earliestDeadline(tables: Tables, stepper: Stepper): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { index } of tables.actors.places) {
    const set = stepper.contentOf(Slot.timers, index);
    if (set !== 0) earliest = Math.min(earliest, tables.timers.timers(set)[0]?.remaining ?? earliest);
  }
  return earliest;
}

function checked(index: number, place: ActorPlace): number {
  if (index < CHOICES_PER_KIND) return index;
  throw new UsageError(
    `actor '${place.address}' has more than ${CHOICES_PER_KIND} timers armed or offers declared at once`,
    'cancel timers that are not needed any more',
  );
}
