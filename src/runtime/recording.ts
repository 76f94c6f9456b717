import type { AnyActorLogic, AnyActorRef, EventObject, Snapshot } from 'xstate';
import { UsageError } from '../kernel/usageError.js';
import type { InternedValue } from '../kernel/valueStore.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { isMachine } from './logic.js';
import { type Effect, Op } from './memo.js';
import type { Glance, Look, Probe, Read, StateReader } from './probes.js';
import type { DelayRequest, RunScope, SpawnRequest } from './runScope.js';
import { isRunning, type SnapshotRecord } from './snapshots.js';
import { holderOf } from './systemIds.js';
import type { Tables } from './tables.js';

const STOPPED: Snapshot<unknown> = Object.freeze({ status: 'stopped', output: undefined, error: undefined });

/** What one run of an actor's logic asked of the world and did to it. */
export class Recording implements RunScope {
  readonly place: ActorPlace;
  readonly reads: Read[] = [];
  readonly effects: Effect[] = [];
  /** Values of other actors that the run has seen and that JavaScript cannot freeze. */
  readonly handedOut: InternedValue[] = [];
  /** The first refusal; it stands even if user code caught it. */
  refusal: UsageError | undefined;
  readonly #tables: Tables;
  readonly #before: SnapshotRecord;
  readonly #state: StateReader;
  readonly #doing: string;
  /** System ids that this run has given away (an address) or freed (`undefined`). */
  readonly #systemIds = new Map<string, ActorIndex | undefined>();
  readonly #spawned = new Map<ActorIndex, string | undefined>();
  readonly #stopped = new Set<ActorIndex>();

  /** @param doing what the actor is doing, for error messages, e.g. `on event 'GO'` */
  constructor(tables: Tables, before: SnapshotRecord, state: StateReader, doing: string) {
    this.#tables = tables;
    this.#before = before;
    this.#state = state;
    this.#doing = doing;
    this.place = before.place;
  }

  refOf(actor: ActorIndex): AnyActorRef {
    return this.#tables.refs.of(actor);
  }

  readSnapshot(actor: ActorIndex): Snapshot<unknown> {
    const address = this.#address(actor);
    if (actor === this.place.index) return this.#snapshotOf(this.#before, address);
    if (this.#spawned.has(actor)) return this.#snapshotOf(undefined, address);
    const id = this.#askSnapshot(actor);
    return id === 0 ? STOPPED : this.#snapshotOf(this.#tables.snapshots.get(id), address);
  }

  lookUp(systemId: string): ActorIndex | undefined {
    if (this.#systemIds.has(systemId)) return this.#systemIds.get(systemId);
    const { probes } = this.#tables;
    const key = `name ${systemId}`;
    const answer = this.#answerTo(probes.find(key) ?? this.#makeLookUp(key, systemId));
    return answer === 0 ? undefined : answer - 1;
  }

  send(to: ActorIndex, event: EventObject): void {
    this.effects.push({ op: Op.send, a: to, b: this.#event(event, 'sent') });
  }

  arm({ event, to, raised, delay, id }: DelayRequest): void {
    if (!Number.isFinite(delay) || delay < 0) {
      this.refuse(
        `the delay of '${event.type}' is ${delay}`,
        'a delay is a number of milliseconds, 0 or more',
      );
    }
    const spec = { id, message: this.#event(event, 'armed'), to, raised, delay };
    this.effects.push({ op: Op.arm, a: this.#tables.timers.internSpec(spec), b: 0 });
  }

  cancel(id: string): void {
    this.effects.push({ op: Op.cancel, a: this.#tables.texts.intern(id), b: 0 });
  }

  emit(event: EventObject): void {
    this.effects.push({ op: Op.emit, a: this.#event(event, 'emitted'), b: 0 });
  }

  spawn(request: SpawnRequest): ActorPlace {
    const { actors, snapshots, logics } = this.#tables;
    const srcName = typeof request.src === 'string' ? request.src : inlineName(request.src);
    const family =
      request.id === undefined
        ? actors.unnamedFamily(this.place, srcName)
        : this.#wellFormed(() => actors.namedFamily(this.place, request.id ?? ''));
    if (request.id !== undefined) this.#mustNotRun(request.id);
    const given = [...this.#spawned.keys()].map((index) => this.#address(index));
    const place = family.bearer(
      this.#ask(`fresh ${family.key} ${given}`, [{ at: 'mention', family: family.key }], (state) => {
        let k = 0;
        for (; ; k++) {
          const { index, address } = family.bearer(k);
          if (!given.includes(address) && !state.isMentioned(index)) return k;
        }
      }),
    );
    const logic = this.#wellFormed(() =>
      logics.intern(`${this.#before.logic.name}/${srcName}`, request.logic),
    );
    const origin = `the input that '${this.place.address}' gave to '${place.address}'`;
    const input = this.#wellFormed(() => this.#tables.internValue(request.input, origin));
    const text = `unstarted ${JSON.stringify([logic.name, request.systemId])} ${input.text}`;
    const record = snapshots.intern(place, text, (id) =>
      unstarted(id, place, logic, input, request.systemId),
    );
    this.#spawned.set(place.index, request.systemId);
    if (request.systemId !== undefined) actors.carries(place, request.systemId);
    if (request.systemId !== undefined && this.lookUp(request.systemId) === undefined) {
      this.#systemIds.set(request.systemId, place.index);
    }
    this.effects.push({ op: Op.spawn, a: place.index, b: record.id });
    return place;
  }

  willStop(child: ActorIndex): void {
    this.#stopped.add(child);
  }

  stop(child: ActorIndex): void {
    const place = this.#tables.actors.place(child);
    if (place.parent !== this.place) {
      throw new Error(`Cannot stop child actor ${place.id} of ${this.place.id} because it is not a child`);
    }
    this.#stopped.add(child);
    for (const name of this.#systemIdsBelow(place)) this.#systemIds.set(name, undefined);
    this.effects.push({ op: Op.stop, a: child, b: 0 });
  }

  refuse(problem: string, fix: string): never {
    const refusal = new UsageError(`actor '${this.place.address}', ${this.#doing}: ${problem}`, fix);
    this.refusal ??= refusal;
    throw refusal;
  }

  #makeLookUp(key: string, systemId: string): Probe {
    const { actors, probes } = this.#tables;
    const topLevel = actors.carriers(systemId).find((place) => !place.parent);
    return probes.intern(
      key,
      [{ at: 'name', name: systemId }],
      (state) => (holderOf(this.#tables, systemId, state) ?? -1) + 1,
      topLevel && { kind: 'holder', actor: topLevel.index },
    );
  }

  #ask(key: string, looks: readonly Look[], answer: (state: StateReader) => number, glance?: Glance): number {
    return this.#answerTo(this.#tables.probes.intern(key, looks, answer, glance));
  }

  #answerTo(probe: Probe): number {
    const before = this.reads.find((read) => read.probe === probe);
    if (before) return before.answer;
    const read = { probe, answer: probe.answer(this.#state) };
    this.reads.push(read);
    return read.answer;
  }

  #askSnapshot(actor: ActorIndex): number {
    const answer = (state: StateReader): number => state.snapshotAt(actor);
    const looks = [{ at: 'snapshot', actor } as const];
    return this.#ask(`snapshot ${this.#address(actor)}`, looks, answer, { kind: 'content', actor });
  }

  #event(event: EventObject, verb: string): number {
    const what = `the event '${event.type}' that actor '${this.place.address}' ${verb}`;
    return this.#wellFormed(() => this.#tables.internEvent(event, what).id);
  }

  #address(index: ActorIndex): string {
    return this.#tables.actors.place(index).address;
  }

  #snapshotOf(record: SnapshotRecord | undefined, address: string): Snapshot<unknown> {
    if (record?.snapshot) {
      this.handedOut.push(...record.unfreezable);
      return record.snapshot;
    }
    throw new Error(`'${address}' has not started yet: read its snapshot in a later step`);
  }

  /** Turns the misuse errors of tables into refusals, which survive XState's own error handling. */
  #wellFormed<T>(make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof UsageError) this.refuse(error.problem, error.fix);
      throw error;
    }
  }

  /** XState lets a second actor take the id of one that still runs; here that is an error (architecture 4.3). */
  #mustNotRun(id: string): void {
    const { snapshots } = this.#tables;
    const spawnedHere = [...this.#spawned.keys()].some(
      (index) => !this.#stopped.has(index) && this.#idOf(index) === id,
    );
    const stopped = new Set(this.#stopped);
    const key = `running ${this.place.address} ${id} ${[...stopped].map((index) => this.#address(index))}`;
    const { key: family } = this.#tables.actors.namedFamily(this.place, id);
    const running = this.#ask(key, [{ at: 'name', name: family }], (state) => {
      const runs = (child: ActorPlace): boolean => {
        if (child.id !== id || stopped.has(child.index)) return false;
        const content = state.snapshotAt(child.index);
        return content !== 0 && isRunning(snapshots.get(content).status);
      };
      return this.place.children.some(runs) ? 1 : 0;
    });
    if (spawnedHere || running === 1)
      throw new Error(`'${id}' was spawned while an actor with that id is still running`);
  }

  #idOf(index: ActorIndex): string {
    return this.#tables.actors.place(index).id;
  }

  /** System ids of an actor that this run stops, and of all below it. */
  #systemIdsBelow(place: ActorPlace): string[] {
    if (this.#spawned.has(place.index)) {
      const name = this.#spawned.get(place.index);
      return name === undefined ? [] : [name];
    }
    const id = this.#askSnapshot(place.index);
    if (id === 0) return [];
    const { systemId, children } = this.#tables.snapshots.get(id);
    const below = children.flatMap((child) => this.#systemIdsBelow(this.#tables.actors.place(child)));
    return systemId === undefined ? below : [systemId, ...below];
  }
}

function inlineName(logic: AnyActorLogic): string {
  return isMachine(logic) ? logic.id : '(logic)';
}

/** The snapshot of an actor that exists and has not run yet. */
export function unstarted(
  id: number,
  place: ActorPlace,
  logic: SnapshotRecord['logic'],
  input: NonNullable<SnapshotRecord['input']>,
  systemId: string | undefined,
): SnapshotRecord {
  return {
    id,
    place,
    logic,
    status: 'unstarted',
    snapshot: undefined,
    input,
    systemId,
    children: [],
    mentions: input.mentions,
    unfreezable: input.unfreezable.length > 0 ? [input] : [],
    offers: [],
    idle: false,
  };
}
