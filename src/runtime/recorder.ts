import type { EventObject } from 'xstate';
import { invariant, present } from '../kernel/invariant.js';
import { sameList } from '../kernel/sameList.js';
import { UsageError } from '../kernel/usageError.js';
import type { InternedValue } from '../kernel/valueStore.js';
import { contentOf, isSameContent, recordOf, type SnapshotContent } from './canonicalSnapshot.js';
import type { ContentId } from './contents.js';
import { withoutHiddenInputs } from './determinism.js';
import { isHosted } from './host.js';
import { type Effect, type EntryId, Memo, Op, START } from './memo.js';
import type { MessageId } from './messages.js';
import type { Read, StateReader } from './probes.js';
import { Recording } from './recording.js';
import { wouldTake } from './snapshotShape.js';
import type { SnapshotRecord } from './snapshots.js';
import type { Tables } from './tables.js';
import { XState } from './xstate/xstate.js';
import type { RawOutcome } from './xstate/xstateRun.js';

/** One computed run. */
interface Run {
  readonly recording: Recording;
  readonly raw: RawOutcome;
  readonly content: SnapshotContent;
  readonly effects: readonly Effect[];
}

const NOTHING = { threw: false, unhandled: false };
const CHANGED = 'it changed its context, an event or its system in place';
const MUTATION = /^Cannot (assign to read only|(delete|define|redefine|add) property)|is not extensible$/;

/**
 * Runs XState, once per distinct local situation: computes the memo entries that a search then only looks up.
 *
 * Every entry is computed twice. A difference means that the code depends on something that is not in the world.
 */
export class Recorder {
  readonly #tables: Tables;
  readonly #looks: Memo;
  readonly #xstate: XState;
  onLook: ((snapshot: SnapshotRecord, reads: readonly Read[]) => void) | undefined;
  /** What the code that runs now is recorded in. */
  #recording: Recording | undefined;
  /** How often a logic was really run. */
  executions = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#looks = new Memo(tables.probes);
    this.#xstate = new XState(tables.refs);
  }

  /**
   * Computes what an actor does with an event, given the present state, and adds it to the memo.
   *
   * @throws UsageError when the code does what no world can reproduce
   */
  compute(snapshot: ContentId, message: MessageId, state: StateReader): EntryId {
    const before = this.#tables.snapshots.get(snapshot);
    const event = message === START ? undefined : this.#tables.messages.get(message);
    const doing = event ? `on event '${event.event.type}'` : 'at its start';
    const [first, second] = this.#closed(() => [
      this.#run(before, event, state, doing),
      this.#run(before, event, state, doing),
    ]);
    const difference = this.#differenceOf(first, second);
    const { threw, unhandled } = first.raw;
    before.logic.visits.note(first.raw, event?.event.type);
    const entry =
      difference ??
      this.#tables.memo.add(
        snapshot,
        message,
        first.recording.reads,
        recordOf(this.#tables, before, first.raw.snapshot, first.content).id,
        first.effects,
        { threw, unhandled },
      );
    if (typeof entry === 'number') return entry;
    throw twoOutcomes(before, doing, entry);
  }

  /**
   * Whether an offered event would be taken by an actor in a snapshot; guards may read other actors, so it is memoised like
   * a run. A guard that throws counts as taking it: the actor then fails when the offer is taken.
   */
  wouldTake(snapshot: ContentId, message: MessageId, state: StateReader): boolean {
    let entry = this.#looks.find(snapshot, message, state);
    if (entry === -1) {
      const before = this.#tables.snapshots.get(snapshot);
      const { event, value } = this.#tables.messages.get(message);
      const look = (): { readonly taken: boolean; readonly recording: Recording } => {
        const recording = new Recording(this.#tables, before, state, `on the offer '${event.type}'`);
        return { taken: this.#look(recording, before, event, value), recording };
      };
      const [first, second] = this.#closed(() => [look(), look()]);
      const { reads } = first.recording;
      const same = first.taken === second.taken && sameList(reads, second.recording.reads, isSameRead);
      const added = same
        ? this.#looks.add(snapshot, message, reads, first.taken ? 1 : 0, [], NOTHING)
        : undefined;
      if (added === undefined)
        throw twoOutcomes(before, `on the offer '${event.type}'`, 'the answers of its guards');
      entry = added;
      this.onLook?.(before, reads);
    }
    return this.#looks.next(entry) === 1;
  }

  /** The record of a snapshot that another world has recorded. */
  renewed(record: SnapshotRecord): SnapshotRecord {
    const snapshot = present(record.snapshot, 'a world that is renewed has started');
    return recordOf(this.#tables, record, snapshot, contentOf(this.#tables, record.place, snapshot));
  }

  /** Runs an actor's code twice, say, with the doors to the world outside closed. */
  #closed<T>(run: () => T): T {
    const refuse = (what: string, fix: string): never =>
      present(this.#recording, 'the code runs for a recording').refuse(what, fix);
    return withoutHiddenInputs(refuse, run);
  }

  #look(recording: Recording, before: SnapshotRecord, event: EventObject, value: InternedValue): boolean {
    const { snapshot } = before;
    if (!snapshot) return false;
    this.#recording = recording;
    const taken = this.#xstate.during(recording, () => {
      try {
        return wouldTake(snapshot, event);
      } catch {
        return true;
      }
    });
    if (recording.refusal) throw recording.refusal;
    if (this.#wasWrittenInto(recording, before, value))
      recording.refuse(CHANGED, 'use assign and return new values');
    return taken;
  }

  #run(
    before: SnapshotRecord,
    message: { readonly event: EventObject; readonly value: InternedValue } | undefined,
    state: StateReader,
    doing: string,
  ): Run {
    const recording = new Recording(this.#tables, before, state, doing);
    const { source } = before.logic;
    invariant(!isHosted(source), 'XState runs what no host runs');
    this.executions++;
    this.#recording = recording;
    const raw = message
      ? this.#xstate.receive(
          recording,
          source,
          present(before.snapshot, 'an actor that takes an event has started'),
          message.event,
        )
      : this.#xstate.start(recording, source, before.input?.value);
    if (recording.refusal) throw recording.refusal;
    this.#refuseMutation(recording, before, message?.value, raw);
    const content = contentOf(this.#tables, before.place, raw.snapshot);
    const effects = raw.threw ? recording.effects.filter((e) => e.op === Op.send) : recording.effects;
    return { recording, raw, content, effects };
  }

  #differenceOf(a: Run, b: Run): string | undefined {
    if (!isSameContent(a.content, b.content)) return 'the snapshots';
    if (!sameList(a.effects, b.effects, isSameEffect)) return 'what it sent or did';
    if (!sameList(a.recording.reads, b.recording.reads, isSameRead)) return 'what it read';
    // A guard may decide between transitions that do the same; whether one was taken is an answer all the same.
    const { transitions, unhandled } = b.raw;
    const same = a.raw.unhandled === unhandled && sameList(a.raw.transitions, transitions);
    return same ? undefined : 'the transitions it took';
  }

  #refuseMutation(
    recording: Recording,
    before: SnapshotRecord,
    event: InternedValue | undefined,
    raw: RawOutcome,
  ): void {
    const changed = this.#wasWrittenInto(recording, before, event);
    const thrown =
      raw.threw && raw.snapshot.error instanceof TypeError && MUTATION.test(raw.snapshot.error.message);
    if (!changed && !thrown) return;
    const detail = thrown && raw.snapshot.error instanceof Error ? ` (${raw.snapshot.error.message})` : '';
    recording.refuse(`${CHANGED}${detail}`, 'use assign and return new values');
  }

  /** Whether the run wrote into a value that JavaScript cannot freeze. */
  #wasWrittenInto(recording: Recording, before: SnapshotRecord, event: InternedValue | undefined): boolean {
    const handedOut = [...before.unfreezable, ...recording.handedOut, ...(event ? [event] : [])];
    return handedOut.some((value) => !this.#tables.values.isIntact(value));
  }
}

function isSameEffect(a: Effect, b: Effect): boolean {
  return a.op === b.op && a.a === b.a && a.b === b.b;
}

function isSameRead(a: Read, b: Read): boolean {
  return a.probe === b.probe && a.answer === b.answer;
}

function twoOutcomes(before: SnapshotRecord, doing: string, difference: string | undefined): UsageError {
  return new UsageError(
    `actor '${before.place.address}', ${doing}: the same event in the same state had two outcomes${difference ? ` (${difference} differ)` : ''}`,
    'keep everything that an actor depends on in its context, its events and its input: no counters or caches in modules',
  );
}
