import { invariant, present } from '../kernel/invariant.js';
import type { ContentId } from './contents.js';
import { Ints } from './ints.js';
import type { MessageId } from './messages.js';
import { PairMap } from './pairMap.js';
import type { Probes, Read, StateReader } from './probes.js';

/** What a run does to the world besides giving its actor another snapshot, in order. Operands are indices or ids. */
export const Op = {
  /** append message B to the mailbox of actor A */
  send: 0,
  /** arm timer spec A */
  arm: 1,
  /** cancel the timer that text A finds */
  cancel: 2,
  /** let an actor exist at place A with the unstarted snapshot B */
  spawn: 3,
  /** make the actor at place A vanish */
  stop: 4,
  /** emit message A to whoever watches from outside */
  emit: 5,
} as const;

/** One effect of a run. */
export interface Effect {
  /** One of {@link Op}, or a code of a host's own. */
  readonly op: number;
  readonly a: number;
  readonly b: number;
}

/** A step that was computed once: what happens when one actor in one snapshot takes one event, given what it reads. */
export interface EntryDetail {
  /** Whether the logic threw. */
  readonly threw: boolean;
  /** Whether no transition took the event. */
  readonly unhandled: boolean;
}

/** The first input of every actor: it starts. No message has this number. */
export const START: MessageId = -1;

/** Number of an entry in a {@link Memo}. */
export type EntryId = number;

const MISSING = -1;

/**
 * The memo of runs (architecture 4.2): (snapshot, event) → first read → its answer → next read … → entry. The snapshot's
 * identity stands for the address too.
 *
 * Walk through: {@link Memo.find} follows the tree, asking each probe of the present state; {@link Memo.add} hangs a new entry
 * under the answers that its run was given. Nodes are numbers: an entry is its own number, a read node `r` is `-2 - r`.
 */
export class Memo {
  readonly #probes: Probes;
  readonly #roots = new PairMap();
  readonly #branches = new PairMap();
  readonly #probeOfRead = new Ints();
  readonly #next = new Ints();
  readonly #opsEnd = new Ints();
  /** Operation codes and operands, three integers each, of all entries one after the other. */
  readonly ops = new Ints(256);
  readonly #details: EntryDetail[] = [];
  readonly #reads: (readonly Read[])[] = [];

  constructor(probes: Probes) {
    this.#probes = probes;
  }

  /** Number of entries. */
  get size(): number {
    return this.#next.length;
  }

  /** The entry for an event in a snapshot, given what the present state answers; -1 when it was never computed. */
  find(snapshot: ContentId, message: MessageId, state: StateReader): EntryId {
    let node = this.#roots.get(snapshot, message);
    while (node < MISSING) {
      const read = -2 - node;
      node = this.#branches.get(read, this.#probes.get(this.#probeOfRead.at(read)).answer(state));
    }
    return node;
  }

  /**
   * Adds an entry.
   *
   * @param reads what the run asked, in order, with the answers it was given
   * @returns its number, or `undefined` when an earlier run in the same situation asked something else: the code depends
   *   on something that is not in the world
   */
  add(
    snapshot: ContentId,
    message: MessageId,
    reads: readonly Read[],
    next: ContentId,
    effects: readonly Effect[],
    detail: EntryDetail,
  ): EntryId | undefined {
    let node = this.#roots.get(snapshot, message);
    let hang = (value: number): void => this.#roots.set(snapshot, message, value);
    for (const { probe, answer } of reads) {
      if (node === MISSING) {
        node = -2 - this.#probeOfRead.push(probe.number);
        hang(node);
      }
      const read = -2 - node;
      if (node > MISSING || this.#probeOfRead.at(read) !== probe.number) return undefined;
      node = this.#branches.get(read, answer);
      hang = (value) => this.#branches.set(read, answer, value);
    }
    if (node !== MISSING) return undefined;
    for (const effect of effects) {
      this.ops.push(effect.op);
      this.ops.push(effect.a);
      this.ops.push(effect.b);
    }
    this.#opsEnd.push(this.ops.length);
    this.#details.push(detail);
    this.#reads.push(reads);
    const entry = this.#next.push(next);
    hang(entry);
    invariant(entry === this.#details.length - 1, 'entries and their details are numbered alike');
    return entry;
  }

  /** The snapshot after the run. */
  next(entry: EntryId): ContentId {
    return this.#next.at(entry);
  }

  /** What the run asked, in order, with the answers it was given. */
  reads(entry: EntryId): readonly Read[] {
    return present(this.#reads[entry], `there is a memo entry number ${entry}`);
  }

  /** Where the entry's operations begin in {@link ops}. */
  opsStart(entry: EntryId): number {
    return entry === 0 ? 0 : this.#opsEnd.at(entry - 1);
  }

  /** Where they end. */
  opsEnd(entry: EntryId): number {
    return this.#opsEnd.at(entry);
  }

  detail(entry: EntryId): EntryDetail {
    return present(this.#details[entry], `there is a memo entry number ${entry}`);
  }
}
