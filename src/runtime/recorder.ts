import type { AnyActorRef, EventObject } from 'xstate';
import { invariant, present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { InternedValue } from '../kernel/valueStore.js';
import type { ContentId } from './contents.js';
import { withoutHiddenInputs } from './determinism.js';
import { isHosted } from './host.js';
import { type Effect, type EntryId, Memo, Op, START } from './memo.js';
import type { MessageId } from './messages.js';
import { offersOf } from './offers.js';
import type { Read, StateReader } from './probes.js';
import { Recording } from './recording.js';
import { describeSnapshot, hasTag, rebuildSnapshot, wouldTake } from './snapshotShape.js';
import type { ActorStatus, SnapshotRecord } from './snapshots.js';
import type { Tables } from './tables.js';
import { type RawOutcome, XStateRun } from './xstate.js';

/** One computed run. */
interface Run {
  readonly recording: Recording;
  readonly raw: RawOutcome;
  readonly next: SnapshotRecord;
  readonly effects: readonly Effect[];
}

const NOTHING = { threw: false, unhandled: false };
const CHANGED = 'it changed its context or an event in place';
const MUTATION = /^Cannot (assign to read only|(delete|define|redefine|add) property)|is not extensible$/;

/**
 * Runs XState, once per distinct local situation: computes the memo entries that a search then only looks up.
 *
 * Every entry is computed twice. A difference means that the code depends on something that is not in the world.
 */
export class Recorder {
  readonly #tables: Tables;
  readonly #looks: Memo;
  onLook: ((snapshot: SnapshotRecord, reads: readonly Read[]) => void) | undefined;
  /** What the code that runs now is recorded in. */
  #recording: Recording | undefined;
  /** How often a logic was really run. */
  executions = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#looks = new Memo(tables.probes);
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
    noteVisits(before, event?.event, first.raw);
    const entry =
      difference ??
      this.#tables.memo.add(snapshot, message, first.recording.reads, first.next.id, first.effects, {
        threw,
        unhandled,
      });
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
    return this.#normalise(record, { snapshot, threw: false, transitions: [], states: [], unhandled: false });
  }

  /** Runs an actor's code twice, say, with the doors to the world outside closed. */
  #closed<T>(run: () => T): T {
    const refuse = (what: string, fix: string): never =>
      present(this.#recording, 'the code runs for a recording').refuse(what, fix);
    return withoutHiddenInputs(refuse, run);
  }

  #look(recording: Recording, before: SnapshotRecord, event: EventObject, value: InternedValue): boolean {
    const { refs } = this.#tables;
    const { snapshot } = before;
    if (!snapshot) return false;
    const run = new XStateRun(recording, refs);
    this.#recording = recording;
    const taken = refs.during({ scope: recording, system: run.system }, () => {
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
    const { refs } = this.#tables;
    const recording = new Recording(this.#tables, before, state, doing);
    const run = new XStateRun(recording, refs);
    const { source } = before.logic;
    invariant(!isHosted(source), 'XState runs what no host runs');
    this.executions++;
    this.#recording = recording;
    const raw = refs.during({ scope: recording, system: run.system }, () =>
      message
        ? run.receive(
            source,
            present(before.snapshot, 'an actor that takes an event has started'),
            message.event,
          )
        : run.start(source, before.input?.value),
    );
    if (recording.refusal) throw recording.refusal;
    this.#refuseMutation(recording, before, message?.value, raw);
    const next = this.#normalise(before, raw);
    const effects = raw.threw ? recording.effects.filter((e) => e.op === Op.send) : recording.effects;
    return { recording, raw, next, effects };
  }

  #differenceOf(a: Run, b: Run): string | undefined {
    if (a.next !== b.next) return 'the snapshots';
    if (!sameList(a.effects, b.effects, (x, y) => x.op === y.op && x.a === y.a && x.b === y.b))
      return 'what it sent or did';
    return sameList(a.recording.reads, b.recording.reads, isSameRead) ? undefined : 'what it read';
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

  /** The canonical record of a snapshot that a run produced. */
  #normalise(before: SnapshotRecord, raw: RawOutcome): SnapshotRecord {
    const { place, logic, systemId } = before;
    const parts = describeSnapshot(raw.snapshot);
    const of = (what: string): string => `the ${what} of actor '${place.address}'`;
    const context = this.#tables.internValue(parts.context, of('context'));
    const output = this.#tables.internValue(parts.output, of('output'));
    const error = this.#tables.internValue(asValue(parts.error), of('error'));
    const children: Record<string, AnyActorRef | undefined> = {};
    const listed: number[] = [];
    for (const [key, child] of parts.children) {
      const index = child && this.#tables.refs.indexOf(child);
      children[key] = index === undefined ? undefined : this.#tables.refs.of(index);
      if (index !== undefined) listed.push(index);
    }
    const names = JSON.stringify(Object.entries(children).map(([key, ref]) => [key, ref?.sessionId]));
    const values = [context, output, error];
    const named = JSON.stringify([logic.name, systemId]);
    const text = [parts.status, named, parts.shape, names, ...values.map((v) => v.text)].join(' ');
    return this.#tables.snapshots.intern(place, text, (id) => {
      const snapshot = rebuildSnapshot(raw.snapshot, {
        context: context.value,
        output: output.value,
        error: error.value,
        children,
      });
      const status = statusOf(parts.status);
      return {
        id,
        place,
        logic,
        status,
        snapshot,
        input: undefined,
        systemId,
        children: listed,
        mentions: [...new Set([...listed, ...values.flatMap((v) => v.mentions)])],
        unfreezable: values.filter((v) => v.unfreezable.length > 0),
        offers: status === 'active' ? offersOf(snapshot, place, this.#tables) : [],
        idle: status !== 'active' || (hasTag(snapshot, 'idle') ?? true),
      };
    });
  }
}

function noteVisits({ logic }: SnapshotRecord, event: EventObject | undefined, raw: RawOutcome): void {
  const { states, transitions, handled, ignored } = logic.visits;
  for (const state of raw.states) states.add(state);
  for (const transition of raw.transitions) transitions.add(transition);
  if (event) (raw.unhandled ? ignored : handled).add(event.type);
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

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((x, i) => i < b.length && same(x, b[i] as T));
}

function statusOf(status: string): ActorStatus {
  return status === 'active' || status === 'done' ? status : 'error';
}

/** Whatever was thrown, as a value: plain data stays, anything else becomes an error with its text. */
function asValue(error: unknown): unknown {
  if (error === null || typeof error !== 'object' || error instanceof Error) return error;
  const plain = Object.getPrototypeOf(error) === Object.prototype || Array.isArray(error);
  return plain ? error : new Error(String(error));
}
