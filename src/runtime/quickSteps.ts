import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { type ContentId, Fact, ROW_BITS, Trait } from './contents.js';
import { Ints, intAt } from './ints.js';
import { type Layout, Slot } from './layout.js';
import { type EntryId, Op } from './memo.js';
import type { StateReader } from './probes.js';
import type { Tables } from './tables.js';

/** What a row of {@link QuickSteps} says of a memo entry. */
const Row = {
  /** one of {@link Kind} */
  kind: 0,
  /** the snapshot after it */
  next: 1,
  /** where its sends begin and end */
  sends: 2,
  sendsEnd: 3,
} as const;
const ENTRY_BITS = 2;

const Kind = { unknown: 0, quick: 1, other: 2 } as const;

/** What is kept of one send: the receiver's first slot, the receiver, and the message. */
const SEND = 3;

/**
 * The same step as the stepper's, for what most steps are: an actor takes a message, goes on living with the same children,
 * and does nothing but send; and nobody listens. Nothing is called that is not a look-up in a flat table.
 *
 * Walk through: {@link QuickSteps.take} finds the memo entry, and its row, which {@link QuickSteps.#classify} writes when the
 * entry is met for the first time. Mailbox and snapshot get their new contents, then each receiver that runs gets its message.
 * Anything else is left to the general way before anything has happened.
 */
export class QuickSteps {
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #reader: StateReader;
  readonly #rows = new Ints();
  readonly #sends = new Ints();

  /** @param reader answers what an entry asks of the world */
  constructor(tables: Tables, layout: Layout, changes: Changes, reader: StateReader) {
    this.#tables = tables;
    this.#layout = layout;
    this.#changes = changes;
    this.#reader = reader;
  }

  /** Lets an actor that has mail take its first message; false when nothing has happened because the step is not a quick one. */
  take(actor: ActorIndex): boolean {
    const changes = this.#changes;
    const { contents, mailboxes, memo } = this.#tables;
    const facts = contents.rows.cells;
    const slot = this.#layout.slot(Slot.snapshot, actor);
    const before = intAt(changes.cells, changes.offset + slot);
    const traits = intAt(facts, (before << ROW_BITS) + Fact.traits);
    if ((traits & (Trait.unstarted | Trait.hosted)) !== 0) return false;
    const mailbox = intAt(changes.cells, changes.offset + slot + 1);
    const entry = memo.find(before, intAt(facts, (mailbox << ROW_BITS) + Fact.head), this.#reader);
    if (entry === -1) return false;
    const row = entry << ENTRY_BITS;
    if (row >= this.#rows.length || this.#rows.at(row) === Kind.unknown) this.#classify(entry, before);
    const rows = this.#rows.cells;
    if (intAt(rows, row) !== Kind.quick) return false;

    const next = intAt(rows, row + Row.next);
    changes.exchange(slot + 1, mailbox, mailboxes.rest(mailbox));
    if (next !== before) changes.exchange(slot, before, next);
    const sends = this.#sends.cells;
    const end = intAt(rows, row + Row.sendsEnd);
    for (let at = intAt(rows, row + Row.sends); at < end; at += SEND) {
      const to = intAt(sends, at);
      const receiver = to === slot ? next : changes.before(to);
      if ((contents.fact(receiver, Fact.traits) & Trait.running) === 0) continue;
      const old = changes.valueAt(to + 1);
      changes.set(to + 1, mailboxes.append(intAt(sends, at + 1), old, intAt(sends, at + 2)));
    }
    return true;
  }

  /** Writes the row of an entry. */
  #classify(entry: EntryId, before: ContentId): void {
    const { contents, memo, snapshots } = this.#tables;
    const row = entry << ENTRY_BITS;
    while (this.#rows.length < row + (1 << ENTRY_BITS)) this.#rows.push(Kind.unknown);
    const next = memo.next(entry);
    const sends = this.#sends.length;
    let quick = !memo.detail(entry).threw && (contents.fact(next, Fact.traits) & Trait.running) !== 0;
    const { children } = snapshots.get(next);
    quick &&= snapshots.get(before).children.every((child) => children.includes(child));
    for (let at = memo.opsStart(entry); quick && at < memo.opsEnd(entry); at += 3) {
      const op = memo.ops.at(at);
      if (op === Op.send) this.#addSend(memo.ops.at(at + 1), memo.ops.at(at + 2));
      else quick &&= op === Op.emit;
    }
    const facts = this.#rows.cells;
    facts[row] = quick ? Kind.quick : Kind.other;
    facts[row + Row.next] = next;
    facts[row + Row.sends] = sends;
    facts[row + Row.sendsEnd] = this.#sends.length;
  }

  #addSend(to: ActorIndex, message: number): void {
    this.#sends.push(this.#layout.slot(Slot.snapshot, to));
    this.#sends.push(to);
    this.#sends.push(message);
  }
}
