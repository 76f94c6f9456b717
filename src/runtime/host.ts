import type { EventObject, Snapshot } from 'xstate';
import type { HashWords } from '../kernel/contentHash.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import type { CellId } from './cells.js';
import type { ContentId, SlotKind } from './contents.js';
import type { Footprint } from './footprint.js';
import type { StateReader } from './probes.js';

/** Marks a logic whose actor has several points of control; a registered symbol, so that two copies of the package agree. */
export const hosting: unique symbol = Symbol.for('interlace.hosting');

/** A logic that XState does not run: the world asks a {@link Host} what can happen in its actor. */
export interface HostedLogic {
  readonly [hosting]: (site: HostSite) => Host;
}

/** Where a host lives. */
export interface HostSite {
  readonly place: ActorPlace;
  /** Gives a content that was never met before its identity, from its hash words (see `slotHash`). */
  addContent(words: HashWords): ContentId;
  /** Who goes by a system id in a state. */
  lookUp(systemId: string, state: StateReader): ActorIndex | undefined;
  /** The snapshot of an actor in a state; `undefined` when nobody is there or it has not started. */
  snapshotOf(actor: ActorIndex, state: StateReader): Snapshot<unknown> | undefined;
  /** A cell that steps of the host touch (see `Footprint`), by a name of the host's own. */
  cell(name: string): CellId;
  /** The slot of the host's own kind under a key; slots are dealt out on first use. */
  slot(kind: SlotKind, key: string): number;
}

/** The state while a step is taken: what was set is seen at once. */
export interface HostState extends StateReader {
  /** Hears what the step touches of what the host holds; all else is noted without the host. */
  readonly footprint: Footprint | undefined;
  set(slot: number, content: ContentId): void;
  /** Appends an event to the mailbox of an actor. */
  send(to: ActorIndex, event: EventObject): void;
  /** Lets an actor take an event within this very step, ahead of its mailbox: how a bus cycle reaches a device. */
  call(to: ActorIndex, event: EventObject): void;
  emit(event: EventObject): void;
}

/** Points of threads as `<thread>: <point>` without arguments, e.g. `writer: write memory.x`, sorted. */
export interface VisitedPoints {
  readonly entered: readonly string[];
  /** Of the points that are known without having been met: the ends, and what was never begun. */
  readonly neverEntered: readonly string[];
}

/** How an actor ends; `undefined` as long as it goes on. */
export type HostEnd =
  | { readonly status: 'done' }
  | { readonly status: 'error'; readonly error: unknown }
  | undefined;

/** What a thread waits at: what it reads to see whether it can go on, and what it writes when it does. */
export interface Waiting {
  readonly reads: readonly CellId[];
  readonly writes: readonly CellId[];
}

/**
 * An actor with points of control of its own, e.g. threads over one memory. All of its state lies in slots; a host keeps
 * nothing but tables, and answers as a function of the state.
 */
export interface Host {
  /** Sets the first contents. */
  begin(state: HostState): HostEnd;
  /** Takes an event from the actor's mailbox. Without it, events are taken and nothing happens. */
  receive?(event: EventObject, state: HostState): HostEnd;
  /** Numbers of the points of control that can step now, ascending, below 256. */
  choices(state: StateReader): readonly number[];
  /** Takes a step of one of them. */
  take(choice: number, state: HostState): HostEnd;
  /** Which of its points of control a choice lets step: the same number in all states. */
  threadOf(choice: number): number;
  /** The slot in which the thread lies that a choice steps: each is a process of its own. */
  processOf(choice: number): number;
  /** Says what the threads of a state wait at, whether or not they can go on: the process and what it will touch. */
  waits(state: StateReader, tell: (process: number, waiting: Waiting) => void): void;
  /** How a schedule names a choice, e.g. `reader`; equal names are told apart by the schedule. */
  choiceName(choice: number, state: StateReader): string;
  /** What a choice is to do, in canonical text, e.g. `write memory.x 42`. */
  choiceText(choice: number, state: StateReader): string;
  /** Whether nothing more is expected of the actor in a state although it has not ended. Without it: never. */
  isIdle?(state: StateReader): boolean;
  /** What is wrong with a state by the host's own rules, in words, e.g. a data race. */
  flaws?(state: StateReader): readonly string[];
  /**
   * Whether nothing is under way, so that a host with empty tables could {@link takeOver}. A host without the two keeps its world
   * from being renewed.
   */
  isAtRest?(state: StateReader): boolean;
  /** Puts what the host `before` it holds in a state, interned anew, into the same slots. */
  takeOver?(before: Host, state: StateReader, put: (slot: number, content: ContentId) => void): void;
  /** What its threads have come to so far, for coverage. */
  visited?(): VisitedPoints;
  /** What properties and people see as the actor's context. */
  context(state: StateReader): unknown;
}

export function isHosted(logic: object): logic is HostedLogic {
  return hosting in logic;
}

/** The snapshot of a hosted actor as the actor's own slot holds it: how it lives, not what is in it. */
export function hostedSnapshot(end: HostEnd): Snapshot<unknown> {
  if (end?.status === 'error') return { status: 'error', output: undefined, error: end.error };
  return end
    ? { status: 'done', output: undefined, error: undefined }
    : { status: 'active', output: undefined, error: undefined };
}
